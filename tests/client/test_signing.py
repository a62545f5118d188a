"""The signature is computed here once more from AWS's description, without botocore.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, quote, unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iotgen.client.api import query, send
from iotgen.client.signing import query_string
from iotgen.credentials import Credentials

KEYS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")


class Received(Protocol):
    @property
    def method(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> bytes: ...


class Api(Protocol):
    endpoint: str
    received: list[Received]


def signature(received: Received, secret: str) -> tuple[str, str]:
    """Give the signature that the request should have, and the one that it has."""
    parts = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=[^/]+/(\S+), SignedHeaders=(\S+), Signature=(\w+)",
        received.headers["authorization"],
    )
    assert parts
    scope, names, has = parts.groups()
    path, _, query_part = received.target.partition("?")
    pairs = [pair.partition("=")[::2] for pair in query_part.split("&")] if query_part else []
    escaped = sorted((quote(unquote(n), safe="-_.~"), quote(unquote(v), safe="-_.~")) for n, v in pairs)
    canonical = "\n".join([
        received.method,
        quote(path, safe="/-_.~"),
        "&".join(f"{name}={value}" for name, value in escaped),
        *(f"{name}:{received.headers[name].strip()}" for name in names.split(";")),
        "",
        names,
        hashlib.sha256(received.body).hexdigest(),
    ])  # fmt: skip
    text = "\n".join([
        "AWS4-HMAC-SHA256",
        received.headers["x-amz-date"],
        scope,
        hashlib.sha256(canonical.encode()).hexdigest(),
    ])  # fmt: skip
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex(), has


def test_a_post_is_signed_with_its_body(api: Api) -> None:
    body = '{"device_id": "dévice 1"}'.encode()
    send(api.endpoint, body, KEYS, "eu-west-1")
    (received,) = api.received
    assert (received.method, received.target, received.body) == ("POST", "/v1/ingest", body)
    assert received.headers["content-type"] == "application/json"
    authorization = received.headers["authorization"]
    assert re.search(r"Credential=AKIDEXAMPLE/\d{8}/eu-west-1/execute-api/aws4_request,", authorization)
    assert "SignedHeaders=content-type;host;x-amz-date," in authorization
    should, has = signature(received, KEYS.secret_key)
    assert has == should


def test_a_temporary_key_brings_its_token(api: Api) -> None:
    keys = Credentials("ASIA", "secret", "the/token+=")
    query(api.endpoint, [("device_id", "d")], keys, "us-east-1")
    (received,) = api.received
    assert received.headers["x-amz-security-token"] == "the/token+="
    assert "x-amz-security-token" in received.headers["authorization"]
    should, has = signature(received, "secret")
    assert has == should


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(text.filter(bool), text), max_size=4))
def test_any_parameters_arrive_as_they_are_and_signed(api: Api, parameters: list[tuple[str, str]]) -> None:
    query(f"{api.endpoint}/", parameters, KEYS, "us-east-1")
    received = api.received[-1]
    assert received.target.startswith("/v1/query")
    arrived = parse_qsl(
        received.target.partition("?")[2], keep_blank_values=True, strict_parsing=bool(parameters)
    )
    assert sorted(arrived) == sorted(parameters)
    should, has = signature(received, KEYS.secret_key)
    assert has == should


def test_the_query_string_is_sorted_and_escaped() -> None:
    pairs = [("b", "1 2+3"), ("a", "x#y&z=%"), ("A", "é~"), ("a", "")]
    assert query_string(pairs) == "A=%C3%A9~&a=&a=x%23y%26z%3D%25&b=1%202%2B3"


def test_a_netrc_does_not_take_the_place_of_the_signature(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password something\n")
    monkeypatch.setenv("NETRC", str(netrc))
    send(api.endpoint, b"{}", KEYS, "us-east-1")
    assert api.received[0].headers["authorization"].startswith("AWS4-HMAC-SHA256 ")


def test_a_proxy_of_the_environment_is_not_asked_for_loopback(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert send(api.endpoint, b"{}", KEYS, "us-east-1").status == 200
