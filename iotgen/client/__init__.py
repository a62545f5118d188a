"""Signed calls to the deployed API. Import it only for a call: botocore and requests are slow to import."""

from iotgen.client.api import call, query, send
from iotgen.client.api_errors import refusal
from iotgen.client.credentials import aws_credentials
from iotgen.client.response import Response
from iotgen.credentials import Credentials

__all__ = ["Credentials", "Response", "aws_credentials", "call", "query", "refusal", "send"]
