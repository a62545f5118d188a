"""The gate before MiniStack, which admits only calls that are signed with credentials of this start.

MiniStack is made for tests. It accepts the key `test` with any signature, answers pages of any origin, and
can be reset by an unsigned call. On a developer's machine, any page in the browser could run code that way.
So

- a call with an `Origin`, or with a `Host` other than this address, comes from a browser and is rejected at
  once. This also prevents DNS rebinding.
- an unsigned call is rejected, even where AWS accepts it. Only one to an existing method of an API or URL of
  a function is admitted: API Gateway and Lambda themselves reject it if the method or the URL requires IAM.
  One with a token instead of a signature is admitted to a method that does not require IAM.
- MiniStack's own paths are closed to everyone; the health check answers only callers that know the instance.
- web sockets are closed: nothing that iotgen deploys uses one.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from iotgen.local.emulator.keys import Find
from iotgen.local.emulator.protocol import Answer
from iotgen.local.emulator.refusal import answer_to
from iotgen.local.emulator.signature import (
    Claim,
    RefusedError,
    Request,
    claim_of,
    claimed_in_query,
    verify,
)

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HEALTH = "/_ministack/health"
# The paths of an API's methods: api, stage, path.
_API = re.compile(
    r"(?:/restapis/([^/]+)/([^/]+)/_user_request_|/_aws/execute-api/([^/]+)/([^/]+))(/.*)?", re.S
)
_API_SERVICE = "execute-api"
# The path of a function's URL, with the id of the URL.
_FUNCTION_URL = re.compile(r"/_aws/lambda-url/([^/]+)(?:/.*)?", re.S)
_URL_SERVICE = "lambda"
# The prefix of MiniStack's own paths, which no bucket name has.
_OWN = "/_"


class Gate:
    """An ASGI application before another one, `app`; `port` is the server's, `instance` that of the start.

    `find` returns the credentials of an access key, `api_region` the region of the API with an id,
    `url_region` that of a function's URL, None if there is no such API or URL. `api_auth` returns the
    authorization of the method that answers a request, by the API's id, stage, method and path; None if there
    is none.
    """

    def __init__(
        self,
        app: App,
        *,
        port: int,
        instance: str,
        find: Find,
        api_region: Callable[[str], str | None],
        url_region: Callable[[str], str | None],
        api_auth: Callable[[str, str, str, str], str | None],
        now: Callable[[], datetime],
    ) -> None:
        self._app = app
        self._api_region, self._url_region = api_region, url_region
        self._api_auth = api_auth
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._health = f"instance={instance}".encode()
        self._instance = instance
        self._find = find
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Reject or answer a call, or pass it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = headers_of(scope)
        claim: Claim | None = None
        try:
            self._refuse_browsers(scope, headers)
            if scope["path"] == HEALTH and scope["query_string"] == self._health:
                await _send(send, _json(200, {"version": self._instance}))
                return
            request = request_of(scope, headers)
            claim = self._claim(scope["path"], request)
            body = await _body(receive)
            if claim is not None and body is not None:
                self._verify(replace(request, body=body), claim)
        except RefusedError as refused:
            await _send(send, answer_to(refused, headers, claim.service if claim else ""))
            return
        if body is not None:
            await self._app(scope, _again(body, receive), send)

    def _refuse_browsers(self, scope: Scope, headers: Mapping[str, str]) -> None:
        if "origin" in headers:
            raise RefusedError(
                "AccessDenied", "the local AWS answers no web pages: the request has an Origin"
            )
        hosts = [value for name, value in scope["headers"] if name.lower() == b"host"]
        if len(hosts) != 1 or hosts[0].decode("latin-1").lower() not in self._hosts:
            raise RefusedError(
                "AccessDenied", "the local AWS answers calls to its own address only: the Host"
            )

    def _claim(self, path: str, request: Request) -> Claim | None:
        """The signature's claim, before the body is read; None for an unsigned call that AWS may accept."""
        service, region = self._called(path)
        if path.startswith(_OWN) and service is None:
            raise RefusedError("AccessDenied", f"{path} is closed: it is the emulator's own, and not of AWS")
        claim = None if self._is_token(path, request) else claim_of(request)
        if claim is not None:
            _check_scope(claim, service, region)
            self._find(claim.access_key)  # before reading the body of a caller without a valid key
        elif region is None:
            raise RefusedError("MissingAuthenticationToken", "Missing Authentication Token")
        return claim

    def _called(self, path: str) -> tuple[str | None, str | None]:
        """The service behind the path of an API or a URL, None for any other, and its region."""
        if api := _API.fullmatch(path):
            return _API_SERVICE, self._api_region(api[1] or api[3])
        if url := _FUNCTION_URL.fullmatch(path):
            return _URL_SERVICE, self._url_region(url[1])
        return None, None

    def _is_token(self, path: str, request: Request) -> bool:
        """Whether the header Authorization is for the API's authorizer or its function, and no signature."""
        api, text = _API.fullmatch(path), request.headers.get("authorization", "")
        if not api or not text or text.startswith("AWS") or claimed_in_query(request):
            return False
        stage = str(api[2] or api[4])
        kind = self._api_auth(str(api[1] or api[3]), stage, request.method, api[5] or "/")
        return kind not in (None, "AWS_IAM")

    def _verify(self, request: Request, claim: Claim) -> None:
        verify(request, claim, self._find(claim.access_key), self._now())


def _check_scope(claim: Claim, service: str | None, region: str | None) -> None:
    """RefusedError unless the signature's scope is the service and region that the path is of."""
    if claim.service != service if service else claim.service == _API_SERVICE:
        right = service or "that of the call"
        message = f"Credential should be scoped to correct service: {right}."
    elif region is not None and region != claim.region:
        message = f"Credential should be scoped to a valid region, not '{claim.region}'."
    else:
        return
    raise RefusedError("SignatureDoesNotMatch", message)


def headers_of(scope: Scope) -> dict[str, str]:
    """The headers by their names in lower case; the values of a repeated one are joined as for signing."""
    headers: dict[str, str] = {}
    for raw, value in scope["headers"]:
        name, text = raw.decode("latin-1").lower(), value.decode("latin-1")
        headers[name] = f"{headers[name]},{text}" if name in headers else text
    return headers


def request_of(scope: Scope, headers: Mapping[str, str]) -> Request:
    """The call without its body; RefusedError if its target is not a path."""
    path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    # RFC 9112, 3.2, has other forms of targets; and the part after a `#` would not be signed.
    if not path.startswith("/") or "#" in path + query:
        raise RefusedError("InvalidURI", "Couldn't parse the specified URI.")
    return Request(scope["method"], path, query, headers)


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None if the caller has disconnected."""
    parts = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """A `receive` that returns the body again, then the messages after it."""
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> dict[str, Any]:
        return pending.pop() if pending else await receive()

    return receive_again


def _json(status: int, content: object) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(content).encode()


async def _send(send: Send, answer: Answer) -> None:
    status, headers, body = answer
    lines = [
        (name.encode(), value.encode())
        for name, value in {**headers, "Content-Length": str(len(body))}.items()
    ]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": body, "more_body": False})
