import os

import boto3

s3 = boto3.client("s3")
sqs = boto3.client("sqs")


def lambda_handler(event, context):
    for record in event["Records"]:
        key = record["s3"]["object"]["key"]
        found = s3.get_object(Bucket=os.environ["BUCKET_DATA"], Key=key)
        sqs.send_message(QueueUrl=os.environ["SQS_QUEUE_URL"], MessageBody=found["ETag"])
