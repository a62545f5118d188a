import os

import boto3

TABLE = boto3.resource("dynamodb").Table(os.environ["TABLE_READINGS"])


def handler(event, context):
    return TABLE.query(IndexName="by-gateway", KeyConditionExpression="gateway_id = :g")
