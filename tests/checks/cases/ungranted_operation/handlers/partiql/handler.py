import os

import boto3

dynamodb = boto3.client("dynamodb")
TABLE = os.environ["TABLE_RAW"]


def handler(event, context):
    dynamodb.execute_statement(Statement="SELECT * FROM raw WHERE id = ?", Parameters=[{"S": "1"}])
    dynamodb.execute_statement(Statement=f"DELETE FROM {TABLE} WHERE id = 'x'")
