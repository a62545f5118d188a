import boto3


def handler(event, context):
    body = boto3.client("s3").list_objects_v2(Bucket="x", Key="y")
