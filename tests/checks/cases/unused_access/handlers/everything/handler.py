"""Uses all that it may; the topic, in a folder that it includes."""

import os

import boto3
from readings import alerts

tables = boto3.resource("dynamodb")
sqs = boto3.client("sqs")
ssm = boto3.client("ssm")
s3 = boto3.client("s3")


def handler(event, context):
    raw = tables.Table(os.environ["TABLE_RAW"])
    raw.put_item(Item=event)
    tables.Table(os.getenv("TABLE_PROCESSED_DATA")).query()
    for queue in ("QUEUE_JOBS", "DEAD_LETTER_QUEUE_DONE"):
        sqs.send_message(QueueUrl=os.environ[queue], MessageBody="x")
    ssm.get_parameters(Names=[os.environ[f"PARAMETER_{name}"] for name in ("CONFIG", "API_KEY")])
    s3.download_file(os.environ["BUCKET_FILES"], "in/a", "/tmp/a")
    s3.upload_file("/tmp/a", os.environ["BUCKET_FILES"], "out/a")
    alerts.tell("done")
