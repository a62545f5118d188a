import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


def lambda_handler(event, context):
    for record in event["Records"]:
        table.put_item(Item={"date": record["messageId"], "time": record["body"]})
    return {"batchItemFailures": []}
