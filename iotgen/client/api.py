"""Calls to the API: POST of readings, GET of a query."""

from collections.abc import Iterable
from contextlib import nullcontext
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase
from requests.structures import CaseInsensitiveDict

from iotgen.client.api_errors import refusal, unreachable
from iotgen.client.response import Response
from iotgen.client.signing import Signer, Unsigned, query_string
from iotgen.credentials import Credentials
from iotgen.errors import IotgenError, RemoteError

# API Gateway times out after 29 s. Waiting a little longer shows its response instead of a timeout here.
TIMEOUT = 35.0
_CONNECTING = 5.0
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def send(
    endpoint: str,
    body: bytes,
    credentials: Credentials,
    region: str,
    timeout: float = TIMEOUT,
    *,
    path: str = "/ingest",
) -> Response:
    """POST readings, a JSON text in UTF-8, to `path` below the endpoint.

    `endpoint` is the output `api_endpoint`, `timeout` is in seconds. Raises IotgenError if the request is
    invalid (with the API's own message), RemoteError if the API rejects the caller, throttles the request,
    fails or cannot be reached.
    """
    response = call("POST", endpoint, path, credentials, region, body=body, timeout=timeout)
    return _good(response, endpoint, path)


def query(
    endpoint: str,
    parameters: Iterable[tuple[str, str]],
    credentials: Credentials,
    region: str,
    timeout: float = TIMEOUT,
    *,
    path: str = "/query",
) -> Response:
    """GET stored readings; `parameters` are names and values, not escaped. Raises as `send` does."""
    response = call("GET", endpoint, path, credentials, region, parameters=parameters, timeout=timeout)
    return _good(response, endpoint, path)


def call(
    method: str,
    endpoint: str,
    path: str,
    credentials: Credentials | None,
    region: str,
    *,
    parameters: Iterable[tuple[str, str]] = (),
    body: bytes | None = None,
    timeout: float = TIMEOUT,
    headers: Iterable[tuple[str, str]] = (),
    session: requests.Session | None = None,
) -> Response:
    """Make a call and return the response, whatever its status; RemoteError if there is none.

    With credentials, the request is signed. `headers` replace the default ones of the same name; those of the
    signature stay. A `session` keeps connections open between calls; the caller closes it.
    """
    url = _url(endpoint, path, parameters)
    sent = CaseInsensitiveDict({"Accept": "application/json"})
    if body is not None:
        sent["Content-Type"] = "application/json"
    sent.update(headers)
    request = requests.Request(method, url, sent, data=body, auth=_signer(credentials, region))
    with nullcontext(session) if session else requests.Session() as connection:
        # A proxy from the environment cannot reach this machine's loopback.
        connection.trust_env = urlsplit(url).hostname not in _LOOPBACK
        try:
            prepared = connection.prepare_request(request)
            settings = connection.merge_environment_settings(prepared.url or url, {}, None, None, None)
            response = connection.send(
                prepared, timeout=(min(_CONNECTING, timeout), timeout), allow_redirects=False, **settings
            )
        except requests.RequestException as error:
            raise unreachable(error, endpoint) from error
        return _response(response)


def _signer(credentials: Credentials | None, region: str) -> AuthBase:
    return Signer(credentials, region) if credentials else Unsigned()


def _url(endpoint: str, path: str, parameters: Iterable[tuple[str, str]]) -> str:
    if not _is_address(endpoint):
        raise IotgenError(
            f"{endpoint!r} is not the URL of an API",
            "Use the output `api_endpoint`, as in https://abc123.execute-api.us-east-1.amazonaws.com/v1.",
        )
    escaped = query_string(parameters)
    return f"{endpoint.rstrip('/')}{path}" + (f"?{escaped}" if escaped else "")


def _is_address(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
        _ = parts.port  # parsed only here; ValueError if it is not a number
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.fragment
    )


def _response(response: requests.Response) -> Response:
    response.encoding = "utf-8"  # the encoding of JSON, even if the header names none
    try:
        body: object = response.json()
    except requests.JSONDecodeError:
        body = None
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Response(response.status_code, body, response.text, headers)


def _good(response: Response, endpoint: str, path: str) -> Response:
    if not 200 <= response.status < 300:
        raise refusal(response, endpoint, path)
    if response.body is None:
        raise RemoteError(
            f"{endpoint}{path} answered {response.status}, but not in JSON: {response.text[:80]!r}",
            "Check that the endpoint is the output `api_endpoint` of this pipeline.",
        )
    return response
