import os

import boto3


def tell(text):
    boto3.client("sns").publish(TopicArn=os.environ["TOPIC_ALERTS"], Message=text)
