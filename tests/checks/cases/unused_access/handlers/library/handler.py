"""A library does the calls."""

import os

from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, idempotent


@idempotent(persistence_store=DynamoDBPersistenceLayer(os.environ["TABLE_RAW"]))
def handler(event, context):
    return {}
