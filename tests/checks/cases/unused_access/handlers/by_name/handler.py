import os

import boto3

ROWS = os.environ["ROWS"]


def handler(event, context):
    boto3.resource("dynamodb").Table(ROWS).put_item(Item={"id": "1"})
