"""Two handlers in one module, each with a table of its own."""

import os


def one(event, context):
    return os.environ["TABLE_RAW"]


def two(event, context):
    return _archive()


def _archive():
    return os.environ["TABLE_ARCHIVE"]
