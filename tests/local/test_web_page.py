"""What a web page, or a program without the credentials, gets of a local AWS: nothing."""

import json
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from iotgen.local.record import LocalAws
from tests.local.calls import call, client, signature, signed

pytestmark = pytest.mark.system

# Creating a queue stands for creating a function and calling it: it is a request that a page can make.
CREATE = urlencode({"Action": "CreateQueue", "Version": "2012-11-05", "QueueName": "made"}).encode()
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# What a page can send without asking first: https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS
SIMPLE = {"Content-Type": "text/plain;charset=UTF-8"}


def forged(key: str) -> dict[str, str]:
    """A header with a signature of zeroes."""
    scope = f"{key}/{datetime.now(UTC):%Y%m%d}/us-east-1/sqs/aws4_request"
    fields = f"Credential={scope}, SignedHeaders=host;x-amz-date, Signature={'0' * 64}"
    return {
        "Authorization": f"AWS4-HMAC-SHA256 {fields}",
        "X-Amz-Date": f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}",
    }


def of_yesterday(aws: LocalAws) -> dict[str, str]:
    """A good signature, of a day ago: botocore signs the time of its clock."""
    time = f"{datetime.now(UTC) - timedelta(days=1):%Y%m%dT%H%M%SZ}"
    auth = SigV4Auth(Credentials(aws.access_key, aws.secret_key), "sqs", "us-east-1")
    request = AWSRequest(
        "POST", f"{aws.endpoint}/", {**FORM, "X-Amz-Date": time, "Host": f"127.0.0.1:{aws.port}"}, CREATE
    )
    request.context["timestamp"] = time
    text = auth.string_to_sign(request, auth.canonical_request(request))
    inject: Any = auth
    inject._inject_signature_to_request(request, auth.signature(text, request))
    return dict(request.headers.items())


def attempts(aws: LocalAws) -> dict[str, Mapping[str, str]]:
    good = signature(aws, "POST", "/", "sqs", body=CREATE, headers=FORM)
    page = {"Origin": "https://evil.example", "Sec-Fetch-Mode": "no-cors"}
    return {
        "a form of a page": {**FORM, **page},
        "a fetch of a page": {**SIMPLE, **page},
        "a fetch of a sandboxed page": {**SIMPLE, "Origin": "null"},
        "a page with the key that needed no secret": {**FORM, **page, **forged("test")},
        "a page of a rebound name": {**good, "Host": f"evil.example:{aws.port}"},
        "a page of a rebound name, unsigned": {**FORM, "Host": f"evil.example:{aws.port}"},
        "a page that got hold of a signature": {**good, **page},
        "nobody": FORM,
        "the key test": {**FORM, **forged("test")},
        "an account's number": {**FORM, **forged("000000000000")},
        "no key": {**FORM, **forged("")},
        "the right key": {**FORM, **forged(aws.access_key)},
        "the right key and another secret": signature(
            aws, "POST", "/", "sqs", body=CREATE, headers=FORM, secret_key="another"
        ),
        "another body": signature(aws, "POST", "/", "sqs", body=CREATE + b"-not", headers=FORM),
        "another path": signature(aws, "POST", "/other", "sqs", body=CREATE, headers=FORM),
        "an old call": of_yesterday(aws),
    }


def queues(aws: LocalAws) -> list[str]:
    found: list[str] = client(aws, "sqs").list_queues().get("QueueUrls", [])
    return found


def test_none_of_its_calls_does_anything(aws: LocalAws) -> None:
    for name, headers in attempts(aws).items():
        answer = call(aws, "POST", "/", headers, CREATE)
        assert answer.status == 403, name
        assert "access-control-allow-origin" not in answer.headers, name
    assert queues(aws) == []
    assert signed(aws, "POST", "/", "sqs", body=CREATE, headers=FORM).status == 200
    assert len(queues(aws)) == 1


def test_no_preflight_is_answered(aws: LocalAws) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for headers in (asked, {}):
        answer = call(aws, "OPTIONS", "/", headers)
        assert answer.status == 403
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "path", ["/_ministack/reset", "/_localstack/reset", "/_ministack/config", "/_ministack/health"]
)
def test_the_emulator_can_be_reset_by_nobody(aws: LocalAws, path: str) -> None:
    client(aws, "dynamodb").create_table(
        TableName=path.replace("/", "."),
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    assert call(aws, "POST", path).status == 403
    assert call(aws, "POST", path, {"Origin": "https://evil.example"}).status == 403
    assert signed(aws, "POST", path, "sqs").status == 403
    assert path.replace("/", ".") in client(aws, "dynamodb").list_tables()["TableNames"]


def test_an_image_of_a_page_reaches_nothing(aws: LocalAws) -> None:
    assert (
        requests.get(f"{aws.endpoint}/?{CREATE.decode().replace('made', 'image')}", timeout=10).status_code
        == 403
    )
    assert not [url for url in queues(aws) if url.endswith("image")]


def test_a_presigned_url_is_verified(aws: LocalAws) -> None:
    s3 = client(aws, "s3")
    s3.create_bucket(Bucket="presigned")
    s3.put_object(Bucket="presigned", Key="a b+c/\u00e9", Body=b"content")
    v4 = {"config": Config(signature_version="s3v4")}
    signer: Any = client(aws, "s3", **v4)  # type: ignore[arg-type]
    url = signer.generate_presigned_url("get_object", Params={"Bucket": "presigned", "Key": "a b+c/\u00e9"})
    assert requests.get(url, timeout=10).content == b"content"
    assert requests.get(url.replace("presigned/", "presigned/x"), timeout=10).status_code == 403
    assert requests.get(url, headers={"Origin": "https://evil.example"}, timeout=10).status_code == 403


def test_sessions_and_access_keys_sign_too_until_they_are_gone(aws: LocalAws) -> None:
    iam = client(aws, "iam")
    iam.create_user(UserName="dev")
    key = iam.create_access_key(UserName="dev")["AccessKey"]
    user = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    assert client(aws, "sts", **user).get_caller_identity()["Arn"].endswith(":user/dev")
    with pytest.raises(ClientError, match="signature"):
        client(aws, "sts", **{**user, "aws_secret_access_key": "another"}).get_caller_identity()
    iam.update_access_key(UserName="dev", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    with pytest.raises(ClientError, match="token included in the request is invalid"):
        client(aws, "sts", **user).get_caller_identity()

    given = client(aws, "sts").get_session_token()["Credentials"]
    session = {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }
    assert client(aws, "sts", **session).get_caller_identity()["Arn"].endswith(":root")
    with pytest.raises(ClientError, match="token included in the request is invalid"):
        client(aws, "sts", **{**session, "aws_session_token": "another"}).get_caller_identity()


def test_no_secret_is_on_a_command_line_or_in_the_log(aws: LocalAws) -> None:
    shown = subprocess.run(["ps", "-A", "-o", "args="], capture_output=True, text=True, check=True).stdout
    assert aws.secret_key not in shown
    assert aws.secret_key not in aws.log.read_text()
    record = json.loads((aws.log.parent / "server.json").read_text())
    assert record["secret_key"] == aws.secret_key
