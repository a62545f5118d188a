import os

import boto3


def table(name):
    return boto3.resource("dynamodb").Table(os.environ[f"TABLE_{name}"])


def handler(event, context):
    queue = os.environ["QUEUE_OLD_JOBS"]
    boto3.client("sqs").send_message(QueueUrl=queue, MessageBody="x")
    return table("RAW_SENSOR_DATA").put_item(Item=event)
