"""Which failures of an AWS call pass by themselves."""

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

THROTTLES = frozenset(
    {
        "BandwidthLimitExceeded",
        "LimitExceededException",
        "OverLimit",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttled",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
_PASSING = frozenset({"InternalError", "InternalServerError", "ServiceUnavailable", "RequestTimeout"})
_SERVER_ERROR = 500


class BusyError(Exception):
    """A service below is throttled or out of reach, and stayed so for as long as could be waited."""


def code(error: BaseException) -> str:
    """Give the service's error code without its older prefix, or the empty text."""
    if not isinstance(error, ClientError):
        return ""
    return str(error.response.get("Error", {}).get("Code", "")).rpartition(".")[2]


def is_transient(error: BaseException) -> bool:
    """Whether the same call may succeed a little later: throttles, timeouts, faults on AWS's side."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return code(error) in THROTTLES | _PASSING or status >= _SERVER_ERROR
    return isinstance(error, (BusyError, ConnectionError, HTTPClientError))
