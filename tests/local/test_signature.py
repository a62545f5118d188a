"""What a signature has to hold, against signatures that botocore makes."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

import pytest
from botocore import credentials as boto
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest

from iotgen.credentials import Credentials
from iotgen.local.emulator.signature import Claim, RefusedError, Request, claim_of, verify

HOST = "127.0.0.1:4566"
BODY = b'{"Action": "ListQueues"}'
SECRET, TOKEN = "secret", "token"
KEYS = boto.Credentials("AKIA", SECRET, TOKEN)


def signed(
    service: str = "sqs", path: str = "/", headers: Mapping[str, str] | None = None, method: str = "POST"
) -> Request:
    """A call whose headers are signed now."""
    request = AWSRequest(method, f"http://{HOST}{path}", {"Host": HOST, **(headers or {})}, BODY)
    # For S3, botocore would put the digest in the place of a header that says there is none.
    plain = service != "s3" or "X-Amz-Content-SHA256" in request.headers
    (SigV4Auth if plain else S3SigV4Auth)(KEYS, service, "us-east-1").add_auth(request)
    return arrived(request, BODY)


def presigned(service: str = "s3", expires: int = 60) -> Request:
    """A call whose query is signed now."""
    request = AWSRequest("GET", f"http://{HOST}/bucket/a%20b%2Bc?x=1%2F2&y=", {"Host": HOST})
    kind = S3SigV4QueryAuth if service == "s3" else SigV4QueryAuth
    kind(KEYS, service, "us-east-1", expires=expires).add_auth(request)
    return arrived(request, b"")


def arrived(request: AWSRequest, body: bytes) -> Request:
    url = urlsplit(str(request.url))
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Request(str(request.method), url.path, url.query, headers, body)


def check(request: Request, secret: str = SECRET, token: str | None = TOKEN, **later: float) -> Claim:
    claim = claim_of(request)
    assert claim is not None
    verify(
        request, claim, Credentials(claim.access_key, secret, token), datetime.now(UTC) + timedelta(**later)
    )
    return claim


def code_of(request: Request, secret: str = SECRET, token: str | None = TOKEN, **later: float) -> str:
    with pytest.raises(RefusedError) as refused:
        check(request, secret, token, **later)
    return refused.value.code


@pytest.mark.parametrize(
    "path", ["/", "/a%20b/%C3%A9", "/x?b=2&a=1%2F2&a=&c", "/a//b/../c", "/x?q=a+b&q=%7E"]
)
@pytest.mark.parametrize("service", ["sqs", "s3", "execute-api"])
def test_what_was_signed_is_taken(service: str, path: str) -> None:
    claim = check(signed(service, path, {"X-Amz-Target": "AmazonSQS.ListQueues", "X-Two": " a   b "}))
    assert (claim.access_key, claim.region, claim.service) == ("AKIA", "us-east-1", service)


@pytest.mark.parametrize("service", ["s3", "execute-api"])
def test_a_presigned_call_is_taken_until_it_expires(service: str) -> None:
    assert check(presigned(service), seconds=59).expires == 60
    assert code_of(presigned(service), seconds=62) == "RequestExpired"


def test_another_secret_or_token_is_refused() -> None:
    assert code_of(signed(), secret="Secret") == "SignatureDoesNotMatch"
    assert code_of(presigned(), secret="Secret") == "SignatureDoesNotMatch"
    assert code_of(signed(), token="other") == "InvalidClientTokenId"
    assert code_of(signed(), token=None) == "InvalidClientTokenId"


@pytest.mark.parametrize(
    "changed",
    [{"method": "PUT"}, {"path": "/x"}, {"query": "Action=DeleteQueue"}, {"body": b"{}"}, {"body": b""}],
)
def test_nothing_of_it_can_be_changed(changed: dict[str, str]) -> None:
    assert code_of(replace(signed(), **changed)) == "SignatureDoesNotMatch"  # type: ignore[arg-type]


def test_no_signed_header_can_be_changed_and_no_other_of_aws_added() -> None:
    request = signed(headers={"X-Amz-Target": "AmazonSQS.ListQueues"})
    changed = {**request.headers, "x-amz-target": "AmazonSQS.DeleteQueue"}
    assert code_of(replace(request, headers=changed)) == "SignatureDoesNotMatch"
    assert code_of(replace(request, headers={**request.headers, "host": "evil"})) == "SignatureDoesNotMatch"
    added = {**signed().headers, "x-amz-target": "AmazonSQS.DeleteQueue"}
    assert code_of(replace(signed(), headers=added)) == "SignatureDoesNotMatch"


def test_s3s_digest_is_that_of_the_body() -> None:
    assert code_of(replace(signed("s3"), body=b"other")) == "XAmzContentSHA256Mismatch"
    unsigned = signed("s3", headers={"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"})
    assert check(replace(unsigned, body=b"other"))
    elsewhere = signed("sqs", headers={"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"})
    assert code_of(elsewhere) == "XAmzContentSHA256Mismatch"


def test_it_is_good_for_fifteen_minutes() -> None:
    check(signed(), minutes=14.5)
    check(signed(), minutes=-14.5)
    assert code_of(signed(), minutes=15.5) == "RequestTimeTooSkewed"
    assert code_of(signed(), minutes=-15.5) == "RequestTimeTooSkewed"
    assert code_of(presigned(), minutes=-15.5) == "RequestTimeTooSkewed"


def test_one_key_is_named_and_only_once() -> None:
    request = signed()
    twice = request.headers["authorization"].replace(
        "Credential=", "Credential=AKIAROOT/1/2/3/4, Credential="
    )
    assert code_of(replace(request, headers={**request.headers, "authorization": twice})) == "InvalidRequest"
    assert code_of(replace(request, query="AWSAccessKeyId=AKIAROOT")) == "InvalidArgument"
    assert code_of(replace(request, query="x-amz-credential=AKIAROOT/")) == "InvalidArgument"
    again = replace(presigned(), query=f"X-Amz-Credential=AKIAROOT/&{presigned().query}")
    assert code_of(again) == "InvalidRequest"


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer x", "AWS AKIA:signature", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=AKIA/1/2/3/4"],
)
def test_another_kind_of_authorization_is_refused(authorization: str) -> None:
    request = Request("GET", "/", "", {"host": HOST, "authorization": authorization})
    assert code_of(request) == "InvalidRequest"


def test_a_scope_or_a_date_that_makes_no_sense_is_refused() -> None:
    headers = signed().headers
    for old, new in (("/aws4_request", "/aws5_request"), ("/sqs/", "/"), ("AKIA/2", "AKIA/1")):
        bad = {**headers, "authorization": headers["authorization"].replace(old, new)}
        assert code_of(replace(signed(), headers=bad)) in ("IncompleteSignature", "SignatureDoesNotMatch")
    assert code_of(replace(signed(), headers={**headers, "x-amz-date": "now"})) == "IncompleteSignature"
    assert code_of(presigned(expires=7 * 24 * 3600 + 1)) == "IncompleteSignature"


@pytest.mark.parametrize("expires", ["0", "-1", "604801", "9" * 5000, "\u00b2", "1.0", ""])
def test_a_presigned_call_expires_within_a_week(expires: str) -> None:
    request = presigned("s3")
    query = request.query.replace("X-Amz-Expires=60", f"X-Amz-Expires={quote(expires)}")
    assert code_of(replace(request, query=query)) == "IncompleteSignature"


def test_a_time_without_an_end_is_none() -> None:
    for request in (signed(), presigned("s3")):
        text = "\n".join([request.query, *request.headers.values()])
        (time,) = {*re.findall(r"\d{8}T\d{6}Z", text)}
        last, day = "99991231T235959Z", time[:8]
        headers = {
            name: value.replace(time, last).replace(day, last[:8]) for name, value in request.headers.items()
        }
        query = request.query.replace(time, last).replace(day, last[:8])
        assert code_of(replace(request, headers=headers, query=query)) == "IncompleteSignature"


def test_what_is_not_signed_claims_nothing() -> None:
    assert claim_of(Request("GET", "/", "Signature=x&a=b", {"host": HOST})) is None
