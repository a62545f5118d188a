"""Doesn't import the file beside it."""

PATTERN = "\d"


def handler(event, context):
    return PATTERN
