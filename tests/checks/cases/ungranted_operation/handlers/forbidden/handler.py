import os
from functools import cached_property

import boto3
from boto3 import client as make

_sqs = None


def sqs():
    global _sqs
    if _sqs is None:
        _sqs = make("sqs")
    return _sqs


class Store:
    @cached_property
    def table(self):
        return boto3.resource("dynamodb").Table(os.environ["TABLE_RAW"])

    def all(self):
        return self.table.scan()["Items"]

    def put(self, item):
        self.table.put_item(Item=item)


def handler(event, context, services=None):
    store = Store()
    store.put(store.all())
    sqs().purge_queue(QueueUrl=event["url"])
    services.client("sqs").send_message(QueueUrl=event["url"], MessageBody="x")
    boto3.Session().client("dynamodb").get_paginator("scan")
    boto3.client("ses").send_email(Source="x")
