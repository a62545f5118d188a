from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError, ReadTimeoutError
from readings import http
from readings.aws_errors import BusyError
from readings.invocation import Invocation

URL = "https://aws.example"


@pytest.mark.parametrize(
    ("code", "http_status", "status"),
    [
        ("ThrottlingException", 400, 503),
        ("ProvisionedThroughputExceededException", 400, 503),
        ("AWS.SimpleQueueService.RequestThrottled", 403, 503),
        ("InternalServerError", 500, 503),
        ("AccessDeniedException", 400, 500),
        ("ResourceNotFoundException", 400, 500),
        ("ValidationException", 400, 500),
    ],
)
def test_only_what_passes_by_itself_is_503(
    world: Any, error: Any, code: str, http_status: int, status: int
) -> None:
    def fail() -> Any:
        raise error(code, status=http_status)

    response = http.respond({}, Invocation(world.services, world.clock.context()), fail)
    assert response["statusCode"] == status
    assert ("Retry-After" in response["headers"]) == (status == 503)


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (BusyError("full"), 503),
        (ReadTimeoutError(endpoint_url=URL), 503),
        (EndpointConnectionError(endpoint_url=URL), 503),
        (NoCredentialsError(), 500),
        (KeyError("secret"), 500),
    ],
)
def test_an_error_of_ours_tells_the_client_nothing_of_it(world: Any, fault: Exception, status: int) -> None:
    def fail() -> Any:
        raise fault

    invocation = Invocation(world.services, world.clock.context())
    response = http.respond({}, invocation, fail)
    invocation.report()
    assert response["statusCode"] == status
    assert "secret" not in response["body"]
    assert "secret" not in world.log.getvalue()
    assert world.log_lines()[-1]["ProcessingErrors"] == [1.0]
