"""The calls: POST of readings, GET of a query."""

from collections.abc import Iterable
from contextlib import nullcontext
from urllib.parse import urlsplit

import requests

from iotgen.client.api_errors import refusal, unreachable
from iotgen.client.response import Response
from iotgen.client.signing import Signer, query_string
from iotgen.credentials import Credentials
from iotgen.errors import IotgenError, RemoteError

# API Gateway gives up after 29 s: waiting a little longer shows its answer rather than our impatience
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

    `endpoint` is the output `api_endpoint`, `timeout` is in seconds. Raises IotgenError where the request is
    at fault (with the API's own message), RemoteError where the API refuses the caller, is throttled, fails
    or can't be reached.
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
    """GET what is stored; `parameters` are names and values, not yet escaped. Raises as `send` does."""
    response = call("GET", endpoint, path, credentials, region, parameters=parameters, timeout=timeout)
    return _good(response, endpoint, path)


def call(
    method: str,
    endpoint: str,
    path: str,
    credentials: Credentials,
    region: str,
    *,
    parameters: Iterable[tuple[str, str]] = (),
    body: bytes | None = None,
    timeout: float = TIMEOUT,
    session: requests.Session | None = None,
) -> Response:
    """Make one signed call and give the answer, whatever its status; RemoteError when there is none.

    A `session` keeps connections open from call to call; closing it is the caller's.
    """
    url = _url(endpoint, path, parameters)
    headers = {"Accept": "application/json"} | ({} if body is None else {"Content-Type": "application/json"})
    request = requests.Request(method, url, headers, data=body, auth=Signer(credentials, region))
    with nullcontext(session) if session else requests.Session() as connection:
        # A proxy of the environment can't reach this machine's own loopback
        connection.trust_env = urlsplit(url).hostname not in _LOOPBACK
        try:
            prepared = connection.prepare_request(request)
            settings = connection.merge_environment_settings(prepared.url or url, {}, None, None, None)
            answer = connection.send(
                prepared, timeout=(min(_CONNECTING, timeout), timeout), allow_redirects=False, **settings
            )
        except requests.RequestException as error:
            raise unreachable(error, endpoint) from error
        return _response(answer)


def _url(endpoint: str, path: str, parameters: Iterable[tuple[str, str]]) -> str:
    if not _is_address(endpoint):
        raise IotgenError(
            f"{endpoint!r} is not the address of an API",
            "It is the output api_endpoint, such as https://abc123.execute-api.us-east-1.amazonaws.com/v1.",
        )
    escaped = query_string(parameters)
    return f"{endpoint.rstrip('/')}{path}" + (f"?{escaped}" if escaped else "")


def _is_address(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
        _ = parts.port  # is read only here, and may be no number
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.fragment
    )


def _response(answer: requests.Response) -> Response:
    answer.encoding = "utf-8"  # JSON's own encoding, whatever the header leaves out
    try:
        body: object = answer.json()
    except requests.JSONDecodeError:
        body = None
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Response(answer.status_code, body, answer.text, headers)


def _good(response: Response, endpoint: str, path: str) -> Response:
    if not 200 <= response.status < 300:
        raise refusal(response, endpoint, path)
    if response.body is None:
        raise RemoteError(
            f"{endpoint}{path} answered {response.status} with what is no JSON: {response.text[:80]!r}",
            "Check that the endpoint is the output api_endpoint of this pipeline.",
        )
    return response
