"""Errors for rejected and failed calls: the cause, and what to do."""

import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from iotgen.client.response import Response
from iotgen.errors import IotgenError, RemoteError
from iotgen.system import reason

if TYPE_CHECKING:
    import requests

_ENDPOINT = (
    "Check that the endpoint is the output `api_endpoint` of this pipeline, and that it has this path."
)
_AUTHORIZER = "Send what the authorizer asks for: iotgen call --header 'Authorization: TOKEN'"
_POLICY = (
    "Grant the caller execute-api:Invoke on this path: attach its policy in the output `caller_policy_arns`. "
    "`aws sts get-caller-identity` shows who you are."
)
# Parts of API Gateway's messages with a 403: nothing else distinguishes its reasons.
# https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden
_FORBIDDEN = (
    ("missing authentication token", "there is no such path or method", _ENDPOINT),
    ("is expired", "the credentials have expired", "Log in again: aws sso login"),
    (
        "token included in the request is invalid",
        "AWS does not know the credentials",
        "Check the access key; a temporary one also needs its AWS_SESSION_TOKEN.",
    ),
    ("signature expired", "the signature is too old", "Set this machine's clock: it is behind."),
    ("signature not yet current", "the signature is too new", "Set this machine's clock: it is ahead."),
    (
        "scoped to a valid region",
        "the signature is for another region",
        "Use the region of the API.",
    ),
    ("correctly scoped", "the signature is for another region", "Use the region of the API."),
    (
        "signature",
        "the signature is not valid",
        "Check the secret key, and that the region is that of the API.",
    ),
    (
        "forbidden",
        "the API key is missing or unknown, or a web ACL refuses",
        "Send a key of the API in the header x-api-key: iotgen call --api-key NAME",
    ),
)


def refusal(response: Response, endpoint: str, path: str) -> IotgenError:
    """The error for a response other than a success."""
    status, place = response.status, f"{endpoint.rstrip('/')}{path}"
    if status == 403:
        return _forbidden(response, place)
    if status in (429, 503):
        return _throttled(response, place)
    if 400 <= status < 500:
        hint = _AUTHORIZER if status == 401 else _ENDPOINT if status in (404, 405) else ""
        return IotgenError(_own_message(response) or f"{place} answered {status}", hint)
    if 300 <= status < 400:
        to = response.headers.get("location", "nowhere")
        return RemoteError(f"{place} answered {status}: a redirect to {to}, which is not followed", _ENDPOINT)
    return _failed(response, place)


def unreachable(error: "requests.RequestException", endpoint: str) -> IotgenError:
    """The error for a call that got no response."""
    import requests

    host = urlsplit(endpoint).netloc
    causes = list(_causes(error))
    if isinstance(error, requests.exceptions.SSLError):
        return RemoteError(
            f"the connection to {host} is not secure: {_reason(causes)}",
            "Behind a proxy that intercepts TLS, set REQUESTS_CA_BUNDLE to its certificate.",
        )
    if isinstance(error, requests.exceptions.ProxyError):
        return RemoteError(f"the proxy does not connect to {host}", "Check HTTPS_PROXY and NO_PROXY.")
    if isinstance(error, requests.exceptions.ReadTimeout):
        return RemoteError(
            f"{host} accepted the request, but did not respond in time",
            "The request may have succeeded. Sending the same reading again is safe: it counts once.",
        )
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return RemoteError(f"{host} does not respond", "Check the network, the VPN and the endpoint.")
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return RemoteError(f"there is no host {host}", f"Check the network. {_ENDPOINT}")
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return RemoteError(
            f"nothing listens at {host}",
            "If that is the local AWS, start it with `iotgen local up`.",
        )
    if isinstance(error, requests.exceptions.InvalidURL):
        return IotgenError(f"{endpoint!r} is not the URL of an API", _ENDPOINT)
    return RemoteError(f"the call to {host} failed: {_reason(causes)}", "Check the network, then try again.")


def _forbidden(response: Response, place: str) -> RemoteError:
    message = _own_message(response)
    known = ((why, hint) for part, why, hint in _FORBIDDEN if part in message.lower())
    why, hint = next(known, ("the caller lacks the permission", _POLICY))
    return RemoteError(f"{place} rejected the request: {why}" + (f" ({message})" if message else ""), hint)


def _throttled(response: Response, place: str) -> RemoteError:
    wait = response.headers.get("retry-after")
    why = "too many requests" if response.status == 429 else "not available"
    message = _own_message(response)
    return RemoteError(
        f"{place} answered {response.status}: {message or why}",
        f"Try again in {wait} s." if wait and wait.isdigit() else "Try again in a moment.",
    )


def _failed(response: Response, place: str) -> RemoteError:
    message = _own_message(response)
    request = response.headers.get("x-amzn-requestid") or response.headers.get("apigw-requestid")
    shown = "`iotgen logs --errors` shows why" + (f"; this is the request {request}" if request else "")
    # After a timeout the function may have gone on.
    late = " Sending the same reading again is safe: it counts once." if response.status == 504 else ""
    return RemoteError(
        f"{place} answered {response.status}" + (f": {message}" if message else ""),
        f"The function failed: {shown}.{late}",
    )


def _own_message(response: Response) -> str:
    """The message of the handler or of API Gateway, whichever responded."""
    body = response.body
    if not isinstance(body, dict):
        return ""
    error = body.get("error", body)
    if isinstance(error, str):
        return error
    if not isinstance(error, dict):
        return ""
    message = error.get("message") or error.get("Message") or error.get("code") or ""
    return "\n  ".join([str(message), *_details(error.get("details"))]).strip()


def _details(details: object) -> list[str]:
    """A line for each detail: a text, or the invalid field and the reason."""
    if isinstance(details, dict):
        return [f"{name}: {reason}" for name, reason in details.items()]
    if isinstance(details, list):
        return [_detail(detail) for detail in details]
    return [str(details)] if details else []


def _detail(detail: object) -> str:
    if not isinstance(detail, dict):
        return str(detail)
    where = detail.get("field", detail.get("path", detail.get("index")))
    why = detail.get("reason", detail.get("message", detail.get("error")))
    if where is None or why is None:
        return ", ".join(f"{name}: {value}" for name, value in detail.items())
    return f"{where}: {why}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and all its causes; urllib3 has some in `reason`."""
    seen: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop()
        if isinstance(cause, BaseException) and cause not in seen:
            seen.append(cause)
            waiting += [cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args]
            yield cause


def _reason(causes: list[BaseException]) -> str:
    """The message of the innermost system error, without its wrappers."""
    of_the_system = [cause for cause in causes if isinstance(cause, OSError) and cause.errno]
    return reason(of_the_system[-1]) if of_the_system else str(causes[-1])
