"""Copes with whatever isn't there."""

import os

RAW = os.environ["TABLE_RAW"]
MINE = os.environ["TABLE_NAME"]
ARCHIVE = os.environ.get("TABLE_ARCHIVE")
OTHER = os.environ.get("TABLE_OTHER", "other") or os.getenv("TABLE_OTHERS")
if "QUEUE_JOBS" in os.environ:
    QUEUE = os.environ["QUEUE_JOBS"]
try:
    TOPIC = os.environ["TOPIC_ALERTS"]
except KeyError:
    TOPIC = None


def handler(event, context):
    columns = {"TABLE_SCHEMA": 1}
    return columns["TABLE_SCHEMA"] if os.environ.get("BUCKET_X") else None


def unused():
    return os.environ["TABLE_ARCHIVE"]
