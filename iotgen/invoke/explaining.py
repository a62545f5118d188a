"""boto3's errors as messages."""

from collections.abc import Iterator
from contextlib import contextmanager

from iotgen.errors import RemoteError
from iotgen.model.status import MissingError

_MISSING = ("NonExistentQueue", "QueueDoesNotExist", "ResourceNotFoundException", "NoSuchBucket")


@contextmanager
def explaining(what: str) -> Iterator[None]:
    """Turn what boto3 raises into a RemoteError that says what cannot be found."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except MissingError as error:
        raise RemoteError(f"{what} is not deployed", "`iotgen apply` deploys it.") from error
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code.endswith(_MISSING):
            raise RemoteError(f"{what} is not deployed", "`iotgen apply` deploys it.") from error
        raise RemoteError(f"cannot find {what}: {error}") from error
    except BotoCoreError as error:
        raise RemoteError(f"cannot find {what}: {error}", "Check the network and the credentials.") from error
