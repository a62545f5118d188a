"""Does not read TABLE_RAW, though this says its name; the module that does isn't imported."""

import json
import os

import boto3


def handler(event, context):
    # os.environ["QUEUE_JOBS"] was here once
    table = boto3.resource("dynamodb").Table(os.environ["TABLE_PROCESSED_DATA"])
    return json.dumps(table.query())
