"""Calls of a local AWS: boto3's, and single ones whose every part can be chosen."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import boto3
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from iotgen.local.record import LocalAws


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def client(aws: LocalAws, service: str, **credentials: str) -> Any:
    """A boto3 client, as the account's root where no credentials are given."""
    keys = {"aws_access_key_id": aws.access_key, "aws_secret_access_key": aws.secret_key, **credentials}
    return boto3.client(service, endpoint_url=aws.endpoint, region_name="us-east-1", **keys)  # type: ignore[call-overload]


def call(
    aws: LocalAws, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> Answer:
    """Make a call as it is given; `Host` is the server's where it is not among the headers."""
    with closing(HTTPConnection("127.0.0.1", aws.port, timeout=10)) as connection:
        connection.request(method, path, body, dict(headers or {}))
        response = connection.getresponse()
        return Answer(
            response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        )


def signature(
    aws: LocalAws,
    method: str,
    path: str,
    service: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    access_key: str = "",
    secret_key: str = "",
) -> dict[str, str]:
    """The headers of a signed call, as the account's root where no key is given."""
    request = AWSRequest(method, f"{aws.endpoint}{path}", dict(headers or {}), body)
    keys = Credentials(access_key or aws.access_key, secret_key or aws.secret_key)
    kind = S3SigV4Auth if service == "s3" else SigV4Auth
    kind(keys, service, "us-east-1").add_auth(request)
    return dict(request.headers.items())


def signed(
    aws: LocalAws,
    method: str,
    path: str,
    service: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Make a signed call, as the account's root."""
    return call(aws, method, path, signature(aws, method, path, service, body=body, headers=headers), body)
