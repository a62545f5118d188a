"""The gate before the emulator, with an application behind it that notes what gets in."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore import credentials as boto
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from iotgen.credentials import Credentials
from iotgen.local.emulator.gate import HEALTH, Gate
from iotgen.local.emulator.signature import RefusedError

HOST = "127.0.0.1:4566"
API = "/restapis/abc/v1/_user_request_/ingest"
URL = "/_aws/lambda-url/f1/status"


class Emulator:
    """What is behind the gate: notes path and body of each call."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, bytes]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        self.calls.append((scope["path"], message["body"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"in", "more_body": False})


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture
def gate(emulator: Emulator) -> Gate:
    def find(key: str) -> Credentials:
        if key != "AKIA":
            raise RefusedError(
                "InvalidClientTokenId", "The security token included in the request is invalid."
            )
        return Credentials(key, "secret")

    return Gate(
        emulator,
        port=4566,
        instance="this",
        find=find,
        api_region={"abc": "us-east-1"}.get,
        url_region={"f1": "us-east-1"}.get,
        api_auth=lambda *place: {
            ("abc", "v1", "POST", "/token"): "CUSTOM",
            ("abc", "v1", "POST", "/open"): "NONE",
            ("abc", "v1", "POST", "/signed"): "AWS_IAM",
        }.get(place),
        now=lambda: datetime.now(UTC),
    )


def signature(
    path: str = "/", *, service: str = "sqs", region: str = "us-east-1", key: str = "AKIA", body: bytes = b"b"
) -> dict[str, str]:
    request = AWSRequest("POST", f"http://{HOST}{path}", {"Host": HOST}, body)
    SigV4Auth(boto.Credentials(key, "secret"), service, region).add_auth(request)
    return dict(request.headers.items())


def post(gate: Gate, path: str = "/", headers: Mapping[str, str] | None = None, body: bytes = b"b") -> Any:
    """Status, headers and body of the answer; the body is sent in two parts."""
    waiting = [
        {"type": "http.request", "body": body[:1], "more_body": True},
        {"type": "http.request", "body": body[1:], "more_body": False},
    ]

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    return answer_of(gate, path, headers or {}, receive)


def answer_of(gate: Gate, target: str, headers: Mapping[str, str], receive: Any) -> Any:
    """Status, headers and body of the answer to a request for this target, split as the server does."""
    sent = []
    path, _, query = target.partition("?")
    lines = {"Host": HOST, **headers}
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in lines.items()],
    }

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(gate(scope, receive, send))
    start, content = sent
    return (
        start["status"],
        {name.decode().lower(): value.decode() for name, value in start["headers"]},
        content["body"],
    )


def test_a_signed_call_gets_in_with_its_whole_body(gate: Gate, emulator: Emulator) -> None:
    assert post(gate, "/", signature(body=b"whole"), b"whole")[0] == 200
    assert post(gate, API, signature(API, service="execute-api"))[0] == 200
    assert emulator.calls == [("/", b"whole"), (API, b"b")]


@pytest.mark.parametrize("origin", ["http://evil.example", "null", f"http://{HOST}", "http://localhost:4566"])
def test_a_page_is_refused_also_with_a_good_signature(gate: Gate, emulator: Emulator, origin: str) -> None:
    status, headers, body = post(gate, "/", {**signature(), "Origin": origin})
    assert status == 403
    assert not [name for name in headers if name.startswith("access-control")]
    assert json.loads(body)["message"] == "the local AWS answers no web pages: the request has an Origin"
    assert emulator.calls == []


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:4566", "127.0.0.1", "127.0.0.1:80", "", "10.0.0.1:4566"]
)
def test_another_host_is_refused(gate: Gate, emulator: Emulator, host: str) -> None:
    request = AWSRequest("POST", f"http://{host or 'none'}/", {"Host": host}, b"b")
    SigV4Auth(boto.Credentials("AKIA", "secret"), "sqs", "us-east-1").add_auth(request)
    status, _, body = post(gate, "/", dict(request.headers.items()))
    assert status == 403
    assert b"its own address only" in body
    assert emulator.calls == []


@pytest.mark.parametrize(
    "path",
    [
        "/_ministack/reset",
        "/_ministack/health",
        "/_ministack/config",
        "/_localstack/health",
        "/_aws/sqs/messages",
    ],
)
def test_the_emulators_own_paths_are_closed_to_everybody(gate: Gate, emulator: Emulator, path: str) -> None:
    assert post(gate, path)[0] == 403
    assert post(gate, path, signature(path))[0] == 403
    assert emulator.calls == []


def test_its_health_is_for_those_who_know_the_instance(gate: Gate, emulator: Emulator) -> None:
    assert post(gate, f"{HEALTH}?instance=this")[::2] == (200, b'{"version": "this"}')
    assert post(gate, f"{HEALTH}?instance=that")[0] == 403
    assert post(gate, f"{HEALTH}?instance=this", {"Origin": "null"})[0] == 403
    assert emulator.calls == []


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/health",
        "/bucket/key",
        "/2015-03-31/functions",
        "/restapis",
        "/restapis/xyz/v1/_user_request_/a",
        "/_aws/lambda-url/f2/",
    ],
)
def test_what_is_not_signed_is_refused(gate: Gate, emulator: Emulator, path: str) -> None:
    status, headers, body = post(gate, path)
    assert (status, headers["x-amzn-errortype"]) == (403, "MissingAuthenticationToken")
    assert json.loads(body)["message"] == "Missing Authentication Token"
    assert emulator.calls == []


@pytest.mark.parametrize("path", [API, URL])
def test_an_unsigned_call_of_an_api_or_a_url_is_for_aws_to_refuse(
    gate: Gate, emulator: Emulator, path: str
) -> None:
    post(gate, path)
    assert [path for path, _ in emulator.calls] == [path]


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("token", {"Authorization": "Bearer x"}, 200),
        ("open", {"Authorization": "Bearer x"}, 200),
        ("signed", {"Authorization": "Bearer x"}, 403),
        ("missing", {"Authorization": "Bearer x"}, 403),
        ("token", {"Authorization": "AWS4-HMAC-SHA256 x"}, 403),
        ("token?AWSAccessKeyId=x", {"Authorization": "Bearer x"}, 403),
        ("token", {"Authorization": "Bearer x", "Origin": "null"}, 403),
    ],
)
def test_a_token_is_for_a_method_that_asks_for_no_signature(
    gate: Gate, emulator: Emulator, method: str, headers: Mapping[str, str], status: int
) -> None:
    path = f"/restapis/abc/v1/_user_request_/{method}"
    assert (post(gate, path, headers)[0] == 200) == (status == 200)
    assert bool(emulator.calls) == (status == 200)


@pytest.mark.parametrize("key", ["test", "000000000000", "AKIAOTHER"])
def test_a_key_that_is_not_of_this_start_is_refused(gate: Gate, emulator: Emulator, key: str) -> None:
    status, headers, _ = post(gate, "/", signature(key=key))
    assert (status, headers["x-amzn-errortype"]) == (403, "InvalidClientTokenId")
    assert emulator.calls == []


def test_another_body_than_the_signed_one_is_refused(gate: Gate, emulator: Emulator) -> None:
    assert post(gate, "/", signature(), b"another")[0] == 403
    assert emulator.calls == []


@pytest.mark.parametrize("added", ["#x", "?a=1#x", "?a=1#&versionId=2"])
def test_nothing_can_be_added_behind_a_hash(gate: Gate, emulator: Emulator, added: str) -> None:
    target = "/bucket/key" + added
    signed = signature(target.partition("#")[0], service="s3")
    status, headers, _ = post(gate, target, signed)
    assert (status, headers["x-amzn-errortype"]) == (403, "InvalidURI")
    assert emulator.calls == []


@pytest.mark.parametrize("target", ["*", "*[", "@other/", ":1/", "http://127.0.0.1:4566/", "http://[/"])
def test_a_target_that_is_no_path_is_refused(gate: Gate, emulator: Emulator, target: str) -> None:
    status, headers, _ = post(gate, target, signature())
    assert (status, headers["x-amzn-errortype"]) == (403, "InvalidURI")
    assert emulator.calls == []


def test_the_body_of_an_unknown_key_is_not_read(gate: Gate) -> None:
    async def receive() -> dict[str, Any]:
        raise AssertionError("read")

    assert answer_of(gate, "/", signature(key="test"), receive)[0] == 403


def test_a_signature_is_good_for_its_service_and_region(gate: Gate, emulator: Emulator) -> None:
    for path, headers, message in (
        (API, signature(API), "Credential should be scoped to correct service: execute-api."),
        (
            URL,
            signature(URL, service="execute-api"),
            "Credential should be scoped to correct service: lambda.",
        ),
        (
            "/",
            signature(service="execute-api"),
            "Credential should be scoped to correct service: that of the call.",
        ),
        (
            API,
            signature(API, service="execute-api", region="eu-west-1"),
            "Credential should be scoped to a valid region, not 'eu-west-1'.",
        ),
    ):
        status, _, body = post(gate, path, headers)
        assert (status, json.loads(body)["message"]) == (403, message)
    assert emulator.calls == []


def test_sdks_read_the_refusal(gate: Gate) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert post(gate, "/", form)[2].startswith(b"<ErrorResponse><Error><Type>Sender</Type><Code>MissingAuth")
    assert post(gate, "/", signature(service="s3"), b"another")[2].startswith(b"<Error><Code>SignatureDoes")


def test_a_web_socket_is_closed(gate: Gate, emulator: Emulator) -> None:
    sent = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(gate({"type": "websocket", "path": "/", "headers": []}, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]
    assert emulator.calls == []
