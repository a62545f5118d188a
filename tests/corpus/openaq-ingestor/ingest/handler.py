import os

import boto3

s3 = boto3.client("s3")


def handler(event, context):
    bucket = os.environ["FETCH_BUCKET"]
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for one in page.get("Contents", []):
            s3.get_object(Bucket=bucket, Key=one["Key"])
