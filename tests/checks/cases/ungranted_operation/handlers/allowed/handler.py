"""Calls what its access and its trigger allow."""

import os

import boto3

TABLE = boto3.resource("dynamodb").Table(os.environ["TABLE_RAW"])


class Queue:
    def __init__(self):
        self._sqs = boto3.client("sqs", region_name="us-east-1")

    def take(self):
        return self._sqs.delete_message(QueueUrl="x", ReceiptHandle="y")


def handler(event, context):
    with TABLE.batch_writer() as batch:
        batch.put_item(Item=event)
        batch.delete_item(Key=event)
    Queue().take()
