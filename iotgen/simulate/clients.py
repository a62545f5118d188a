"""boto3 clients for both targets, and messages for their errors."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from iotgen.client import Credentials
from iotgen.errors import RemoteError

Clients = Callable[[str], Any]
"""Returns the client of a service, which many threads may use."""

_CONNECTIONS = 64


def aws_clients(region: str) -> Clients:
    """Clients with the caller's own credentials."""
    return _clients(region, {})


def local_clients(endpoint: str, region: str, credentials: Credentials) -> Clients:
    """Clients of the local AWS."""
    keys = {
        "aws_access_key_id": credentials.access_key,
        "aws_secret_access_key": credentials.secret_key,
        # Set, so that boto3 does not use the user's session token, which belongs to another key.
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
    """Turn boto3's exceptions into a RemoteError for what failed, with the missing permission."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        denied = "denied" in code.lower() or code in ("403", "UnauthorizedOperation")
        hint = f"Grant the caller {permission}." if denied else ""
        raise RemoteError(f"{doing} failed: {error}", hint) from error
    except BotoCoreError as error:
        raise RemoteError(
            f"{doing} failed: {error}", "`aws sts get-caller-identity` shows who you are."
        ) from error
