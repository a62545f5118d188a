import boto3


def handler(event, context):
    body = boto3.client("s3").get_object(Bucket="x", Key="y")
