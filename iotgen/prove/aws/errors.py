"""What AWS answers when it refuses, as boto3 raises it."""

from functools import cache
from typing import Any

from botocore.exceptions import ClientError

# Answers after which botocore itself tries again: those of the `standard` mode.
# https://boto3.amazonaws.com/v1/documentation/api/latest/guide/retries.html
RETRIED = frozenset(
    {
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestThrottled",
        "SlowDown",
        "Throttling",
        "InternalServerError",
        "InternalError",
        "InternalFailure",
        "ServiceUnavailable",
    }
)


def refusal(operation: str, code: str, message: str, status: int = 400, **fields: Any) -> ClientError:
    """The error of an operation, such as `PutItem`."""
    response: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status, "RequestId": "simulated", "RetryAttempts": 0},
        **fields,
    }
    return named(code.rpartition(".")[2])(response, operation)


@cache
def named(code: str) -> type[ClientError]:
    """The class of an error by its code, as `client.exceptions` has it."""
    return type(code, (ClientError,), {})


def invalid(operation: str, message: str) -> ClientError:
    """The error of a request that DynamoDB does not understand."""
    return refusal(operation, "ValidationException", message)


class Unsimulated(BaseException):
    """What a handler needs that the simulator does not have; it ends the run, so no handler may catch it."""
