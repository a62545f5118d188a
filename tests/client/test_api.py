import socket
import threading
from collections.abc import Iterator
from typing import Protocol

import pytest
import requests

from iotgen.client.api import call, query, send
from iotgen.client.response import Response
from iotgen.credentials import Credentials
from iotgen.errors import IotgenError, RemoteError

CALLER = Credentials("AKIA", "secret")


class Api(Protocol):
    endpoint: str
    received: list[object]

    def answers(self, status: int, body: bytes = b"{}", **headers: str) -> None: ...


def test_the_answer(api: Api) -> None:
    api.answers(200, '{"count": 1, "items": ["é"]}'.encode(), X_Amzn_RequestId="r-1")
    answer = query(api.endpoint, [("device_id", "d")], CALLER, "us-east-1")
    assert (answer.status, answer.body) == (200, {"count": 1, "items": ["é"]})
    assert answer.headers["x-amzn-requestid"] == "r-1"


def test_another_path(api: Api) -> None:
    send(api.endpoint, b"{}", CALLER, "us-east-1", path="/process")
    assert "/v1/process" in str(api.received[0])


def test_own_headers_replace_the_default_ones_and_not_the_signature(api: Api) -> None:
    headers = [("accept", "text/csv"), ("X-Own", "1"), ("Authorization", "none")]
    call("POST", api.endpoint, "/any", CALLER, "us-east-1", body=b"a,b", headers=headers)
    received = api.received[0].headers  # type: ignore[attr-defined]
    assert (received["accept"], received["x-own"]) == ("text/csv", "1")
    assert received["content-type"] == "application/json"
    assert received["authorization"].startswith("AWS4-HMAC-SHA256 ")


def test_a_call_gives_any_status_and_a_session_stays_open(api: Api) -> None:
    api.answers(429, b"slow down")
    with requests.Session() as session:
        answers = [
            call("POST", api.endpoint, "/ingest", CALLER, "us-east-1", body=b"{}", session=session)
            for _ in "ab"
        ]
    assert [(answer.status, answer.body, answer.text) for answer in answers] == [(429, None, "slow down")] * 2


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (
            400,
            b'{"error": {"code": "invalid_reading", "message": "The reading is not valid", "details": '
            b'[{"field": "sensor_data", "reason": "is empty"}, {"index": 3, "error": "no device_id"}, '
            b'"more", {"a": 1}]}}',
            "The reading is not valid\n  sensor_data: is empty\n  3: no device_id\n  more\n  a: 1",
        ),
        (400, b'{"error": {"message": "Bad", "details": {"limit": "too big"}}}', "Bad\n  limit: too big"),
        (400, b'{"message": "Invalid request body"}', "Invalid request body"),
        (413, b'{"error": "too large"}', "too large"),
        (400, b"<html>", "ENDPOINT/ingest answered 400"),
        (404, b"[]", "ENDPOINT/ingest answered 404"),
    ],
)
def test_the_request_is_at_fault(api: Api, status: int, body: bytes, message: str) -> None:
    api.answers(status, body)
    with pytest.raises(IotgenError) as caught:
        send(api.endpoint, b"{}", CALLER, "us-east-1")
    assert caught.value.message == message.replace("ENDPOINT", api.endpoint)
    assert caught.value.exit_code == 1


@pytest.mark.parametrize(
    ("told", "why", "hint"),
    [
        ("Missing Authentication Token", "there is no such path or method", "api_endpoint"),
        (
            "The security token included in the request is expired",
            "the credentials have expired",
            "aws sso login",
        ),
        ("The security token included in the request is invalid.", "AWS does not know", "AWS_SESSION_TOKEN"),
        ("Signature expired: 2026 is now earlier", "the signature is too old", "clock"),
        ("Signature not yet current: 2026", "the signature is too new", "clock"),
        ("Credential should be scoped to a valid region", "the signature is for another region", "region"),
        ("Credential not correctly scoped: region", "the signature is for another region", "region"),
        ("The request signature we calculated does not match", "the signature is not valid", "secret key"),
        (
            "User: arn:aws:iam::1:user/x is not authorized",
            "the caller lacks the permission",
            "execute-api:Invoke",
        ),
    ],
)
def test_the_caller_is_refused(api: Api, told: str, why: str, hint: str) -> None:
    for body in (f'{{"message": "{told}"}}', f'{{"error": {{"code": "forbidden", "message": "{told}"}}}}'):
        api.answers(403, body.encode())
        with pytest.raises(RemoteError) as caught:
            send(api.endpoint, b"{}", CALLER, "us-east-1")
        assert caught.value.message.startswith(f"{api.endpoint}/ingest rejected the request: {why}")
        assert caught.value.message.endswith(f"({told})")
        assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("status", "body", "headers", "message", "hint"),
    [
        (429, b"{}", {"Retry_After": "3"}, "answered 429: too many requests", "Try again in 3 s."),
        (
            503,
            b'{"error": {"message": "Throttled below"}}',
            {},
            "answered 503: Throttled below",
            "in a moment",
        ),
        (
            500,
            b'{"message": "Internal"}',
            {"x_amzn_RequestId": "r-9"},
            "answered 500: Internal",
            "request r-9",
        ),
        (504, b"", {}, "answered 504", "counts once"),
        (301, b"", {"Location": "https://x/"}, "answered 301: a redirect to https://x/", "api_endpoint"),
        (200, b"<html>", {}, "answered 200, but not in JSON: '<html>'", "api_endpoint"),
    ],
)
def test_the_other_side_is_at_fault(
    api: Api, status: int, body: bytes, headers: dict[str, str], message: str, hint: str
) -> None:
    api.answers(status, body, **headers)
    with pytest.raises(RemoteError) as caught:
        send(api.endpoint, b"{}", CALLER, "us-east-1")
    assert f"{api.endpoint}/ingest {message}" in caught.value.message
    assert hint in caught.value.hint
    assert len(api.received) == 1


@pytest.fixture
def silent() -> Iterator[str]:
    """Give an endpoint that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def hanging_up() -> Iterator[str]:
    """Give an endpoint that takes a call and closes the connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)

        serving = threading.Thread(target=serve)
        serving.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        serving.join()


def failure(endpoint: str, timeout: float = 5) -> RemoteError:
    with pytest.raises(RemoteError) as caught:
        send(endpoint, b"{}", CALLER, "us-east-1", timeout)
    return caught.value


def test_nothing_listens() -> None:
    error = failure("http://127.0.0.1:1/v1")
    assert error.message == "nothing listens at 127.0.0.1:1"
    assert "iotgen local up" in error.hint


def test_no_answer_in_time(silent: str) -> None:
    error = failure(f"http://{silent}/v1", timeout=0.1)
    assert error.message == f"{silent} accepted the request, but did not respond in time"
    assert "counts once" in error.hint


def test_the_connection_breaks_off(hanging_up: str) -> None:
    assert failure(f"http://{hanging_up}/v1").message.startswith(f"the call to {hanging_up} failed: ")


def test_no_such_host(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert failure("https://api.invalid/v1").message == "there is no host api.invalid"


def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    assert failure("https://api.invalid/v1").message == "the proxy does not connect to api.invalid"


def test_no_tls_on_the_other_side(api: Api) -> None:
    error = failure(api.endpoint.replace("http:", "https:"))
    assert "is not secure" in error.message
    assert "REQUESTS_CA_BUNDLE" in error.hint


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "abc123",
        "ftp://host/v1",
        "https:///v1",
        "http://host/v1?x=1",
        "http://[::1/v1",
        "http://host:x/v1",
    ],
)
def test_what_is_no_endpoint(endpoint: str) -> None:
    with pytest.raises(IotgenError) as caught:
        send(endpoint, b"{}", CALLER, "us-east-1")
    assert caught.value.message == f"{endpoint!r} is not the URL of an API"


def test_a_response_is_plain_data() -> None:
    assert Response(200, {}, "{}") == Response(200, {}, "{}", {})
