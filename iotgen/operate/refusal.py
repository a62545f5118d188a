"""What AWS refuses while an environment is operated, as an error for people."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from iotgen.errors import RemoteError

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

_THROTTLED = frozenset(
    {
        "RequestThrottled",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_EXPIRED = frozenset(
    {"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "RequestExpired"}
    | {"UnrecognizedClientException"}
)


@contextmanager
def explaining(doing: str, permission: str, *, private: bool = False) -> Iterator[None]:
    """Turn what boto3 raises into a RemoteError: `doing` is what cannot be done, `permission` what it needs.

    With `private`, the error has AWS's code but not its words, which may repeat what was sent.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error_code(error)
        words = "" if private else str(error.response["Error"].get("Message", "")).rstrip(". ")
        raise RemoteError(f"cannot {doing}: {code}{words and f': {words}'}", _hint(code, permission)) from (
            None if private else error
        )
    except BotoCoreError as error:
        words = type(error).__name__ if private else str(error).rstrip(". ")
        hint = "Check the network, and who you are: aws sts get-caller-identity"
        raise RemoteError(f"cannot {doing}: {words}", hint) from (None if private else error)


def error_code(error: "ClientError") -> str:
    """The code of what AWS answered, without the prefix of its older protocols."""
    return str(error.response.get("Error", {}).get("Code", "unknown")).rpartition(".")[2]


def _hint(code: str, permission: str) -> str:
    if code in _THROTTLED:
        return "AWS has too many requests to answer: wait a little, then run it again."
    if code in _EXPIRED:
        return "Log in again. `aws sts get-caller-identity` shows who you are."
    if "denied" in code.lower() or code in ("403", "UnauthorizedOperation"):
        return f"The caller needs the permission {permission}."
    return ""
