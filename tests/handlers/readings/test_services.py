"""What handlers need of the world."""

import boto3
import pytest
from readings.services import CLIENT_CONFIG

TIMEOUT = 20
# The pauses before the second and the third attempt, at most:
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
PAUSES = (1, 2)


@pytest.mark.parametrize("service", ["dynamodb", "sqs", "ssm", "s3"])
def test_all_attempts_of_a_call_fit_into_the_time_of_a_function(service: str) -> None:
    """As botocore reads the configuration, not as it is written."""
    client = boto3.client(service, region_name="us-east-1", config=CLIENT_CONFIG)  # type: ignore[call-overload]
    settings = client.meta.config
    attempts = settings.retries["total_max_attempts"]
    assert attempts == 3
    longest = attempts * (settings.connect_timeout + settings.read_timeout) + sum(PAUSES)
    assert longest < TIMEOUT
