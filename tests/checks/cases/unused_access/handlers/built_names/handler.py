"""Puts the names of its variables together: which, can't be told."""

import os

import boto3


def handler(event, context):
    name = "_".join(["TABLE", event["kind"].upper()])
    getattr(boto3.resource("dynamodb").Table(os.environ[name]), event["verb"])(Item=event)
