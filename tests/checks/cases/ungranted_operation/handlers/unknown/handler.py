"""Calls that nobody can tell the rights of, or whose names only look like AWS's."""

import boto3

other_account = boto3.Session(aws_access_key_id="x", aws_secret_access_key="y").client("dynamodb")
local = boto3.client("dynamodb", endpoint_url="http://localhost:8000")
either = boto3.client("dynamodb")
either = object()


def handler(event, context, client=None):
    other_account.scan(TableName="x")
    local.scan(TableName="x")
    either.scan(TableName="x")
    client.scan(TableName="x")
    make(event).scan()
    return event["session"].client("dynamodb").scan()


def make(event):
    return event


def never_called():
    boto3.client("dynamodb").scan(TableName="x")
