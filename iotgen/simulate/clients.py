"""boto3's clients for either target, and its errors as messages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from iotgen.client import Credentials
from iotgen.errors import RemoteError

Clients = Callable[[str], Any]
"""Gives the client of a service; it may be used by many threads."""

_CONNECTIONS = 64


def aws_clients(region: str) -> Clients:
    """Clients with the caller's own credentials."""
    return _clients(region, {})


def local_clients(endpoint: str, region: str, credentials: Credentials) -> Clients:
    """Clients of the local AWS."""
    keys = {
        "aws_access_key_id": credentials.access_key,
        "aws_secret_access_key": credentials.secret_key,
        # Given, so that boto3 doesn't take one of the user's that goes with another key.
        "aws_session_token": credentials.token,
    }
    return _clients(region, {"endpoint_url": endpoint, **keys})


def _clients(region: str, settings: dict[str, str | None]) -> Clients:
    import boto3
    from botocore.config import Config

    config = Config(
        max_pool_connections=_CONNECTIONS,
        connect_timeout=5,
        read_timeout=30,
        retries={"mode": "standard", "total_max_attempts": 4},
    )
    session = boto3.Session(region_name=region)

    @cache
    def client(service: str) -> Any:
        make: Any = session.client
        return make(service, config=config, **settings)

    return client


@contextmanager
def explaining(doing: str, permission: str) -> Iterator[None]:
    """Turn what boto3 raises into a RemoteError that says what failed, and what the caller needs."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        denied = "denied" in code.lower() or code in ("403", "UnauthorizedOperation")
        hint = f"The caller needs {permission}." if denied else ""
        raise RemoteError(f"{doing} failed: {error}", hint) from error
    except BotoCoreError as error:
        raise RemoteError(
            f"{doing} failed: {error}", "`aws sts get-caller-identity` shows who you are."
        ) from error
