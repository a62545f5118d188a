import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE_READINGS"])


def handler(event, context):
    table.put_item(Item=event)
