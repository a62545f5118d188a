from __future__ import annotations

import contextlib
import distutils
import json.decoder
import os.path as path
from typing import TYPE_CHECKING

import boto3
import requests
import yaml
from botocore.config import Config
from shared import answers, later
from shared.answers import answer, given as it
from shared.lazy import anything
import data

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
try:
    import orjson
except ImportError:
    orjson = None

with contextlib.suppress(ImportError):
    import ujson


def handler(event, context):
    return answers.answer(), answer(), it, anything
