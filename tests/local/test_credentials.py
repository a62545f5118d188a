from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError

from iotgen.errors import RemoteError
from iotgen.local.credentials import session
from iotgen.local.record import LocalAws

pytestmark = pytest.mark.system


def test_a_session_signs_for_the_local_account(aws: LocalAws) -> None:
    found = session(aws)
    client = boto3.client(
        "sts",
        endpoint_url=aws.endpoint,
        region_name="us-east-1",
        aws_access_key_id=found.access_key,
        aws_secret_access_key=found.secret_key,
        aws_session_token=found.token,
    )
    assert client.get_caller_identity()["Arn"] == "arn:aws:iam::000000000000:root"


def test_a_forged_signature_is_refused(aws: LocalAws) -> None:
    found = session(aws)
    client = boto3.client(
        "sqs",
        endpoint_url=aws.endpoint,
        region_name="us-east-1",
        aws_access_key_id=found.access_key,
        aws_secret_access_key="forged",
        aws_session_token=found.token,
    )
    with pytest.raises(ClientError, match="signature"):
        client.list_queues()


def test_no_answer_is_a_clear_error(tmp_path: Path) -> None:
    gone = LocalAws(1, 1, "http://127.0.0.1:1", "gone", tmp_path / "log")
    with pytest.raises(RemoteError, match=r"the local AWS at http://127.0.0.1:1 gives no credentials"):
        session(gone)
