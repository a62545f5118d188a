"""The bucket's name comes with the event."""

import boto3


def handler(event, context):
    found = event["Records"][0]["s3"]
    boto3.client("s3").get_object(Bucket=found["bucket"]["name"], Key=found["object"]["key"])
