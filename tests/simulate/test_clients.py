from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from iotgen.client import Credentials
from iotgen.errors import RemoteError
from iotgen.simulate.clients import aws_clients, explaining, local_clients


def test_the_local_aws_is_called_at_its_endpoint() -> None:
    clients = local_clients("http://127.0.0.1:4566", "eu-west-1", Credentials("AKIA", "secret"))
    assert clients("sqs").meta.endpoint_url == "http://127.0.0.1:4566"
    assert clients("sqs").meta.region_name == "eu-west-1"
    assert clients("sqs") is clients("sqs")


def test_aws_is_called_where_aws_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SQS", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    assert aws_clients("eu-west-1")("sqs").meta.endpoint_url == "https://sqs.eu-west-1.amazonaws.com"


def test_a_denial_says_what_is_needed() -> None:
    denied = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "Query")
    with (
        pytest.raises(RemoteError, match="reading the tables failed") as raised,
        explaining("reading the tables", "x:Y"),
    ):
        raise denied
    assert raised.value.hint == "Grant the caller x:Y."


@pytest.mark.parametrize(
    "error", [NoCredentialsError(), ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "Query")]
)
def test_other_failures_are_reported_as_they_are(error: Exception) -> None:
    with pytest.raises(RemoteError, match="reading failed") as raised, explaining("reading", "x:Y"):
        raise error
    assert "x:Y" not in raised.value.hint
