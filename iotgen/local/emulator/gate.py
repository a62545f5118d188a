"""The gate before MiniStack: calls that are signed with credentials of this start go in, and nothing else.

MiniStack is made for tests. It takes the key `test` with any signature, answers pages of any origin, and is
reset by a call that nobody signs. On a developer's machine any page in the browser could so run code here. So

- a call with an `Origin`, or for a `Host` that is not this address, is a browser's: it is refused at sight.
  What a name of the attacker's own resolves to does not matter then (DNS rebinding).
- a call that is not signed is refused, also where AWS takes it. To a method of an API that is there it gets,
  since API Gateway has its own answer to one that asks for IAM, as every method of a pipeline does.
- MiniStack's own paths are closed, whoever asks; the health check answers those who know the instance.
- web sockets are closed: nothing that iotgen deploys has one.
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
from iotgen.local.emulator.signature import Claim, RefusedError, Request, claim_of, verify

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HEALTH = "/_ministack/health"
# The paths of an API's methods: api, stage, path.
_API = re.compile(r"(?:/restapis/([^/]+)/[^/]+/_user_request_|/_aws/execute-api/([^/]+)/[^/]+)(?:/.*)?", re.S)
_API_SERVICE = "execute-api"
# How MiniStack's own paths begin: no bucket is called so.
_OWN = "/_"


class Gate:
    """An ASGI application before another one, `app`; `port` is the server's, `instance` the start's name.

    `find` gives the credentials of an access key, `api_region` the region of the API of an id, None where
    there is no such API.
    """

    def __init__(
        self,
        app: App,
        *,
        port: int,
        instance: str,
        find: Find,
        api_region: Callable[[str], str | None],
        now: Callable[[], datetime],
    ) -> None:
        self._app = app
        self._api_region = api_region
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._health = f"instance={instance}".encode()
        self._instance = instance
        self._find = find
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call, or let it in."""
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
        """What the call claims, before its body is read; None for one of the API's that is not signed."""
        api = _API.fullmatch(path)
        if path.startswith(_OWN) and not api:
            raise RefusedError("AccessDenied", f"{path} is closed: it is the emulator's own, and not of AWS")
        claim, region = claim_of(request), self._api_region(api[1] or api[2]) if api else None
        if claim is not None:
            _check_scope(claim, api is not None, region)
            self._find(claim.access_key)  # before the body of who has no key is kept
        elif region is None:
            raise RefusedError("MissingAuthenticationToken", "Missing Authentication Token")
        return claim

    def _verify(self, request: Request, claim: Claim) -> None:
        verify(request, claim, self._find(claim.access_key), self._now())


def _check_scope(claim: Claim, is_api: bool, region: str | None) -> None:
    """A signature for the API is good for nothing else, and only in the API's own region."""
    if is_api != (claim.service == _API_SERVICE):
        right = _API_SERVICE if is_api else "that of the call"
        message = f"Credential should be scoped to correct service: {right}."
    elif region is not None and region != claim.region:
        message = f"Credential should be scoped to a valid region, not '{claim.region}'."
    else:
        return
    raise RefusedError("SignatureDoesNotMatch", message)


def headers_of(scope: Scope) -> dict[str, str]:
    """The headers by their names in lower case; values of one that is repeated, joined as they are signed."""
    headers: dict[str, str] = {}
    for raw, value in scope["headers"]:
        name, text = raw.decode("latin-1").lower(), value.decode("latin-1")
        headers[name] = f"{headers[name]},{text}" if name in headers else text
    return headers


def request_of(scope: Scope, headers: Mapping[str, str]) -> Request:
    """The call without its body; RefusedError where it is for no path."""
    path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    # No other target is one (RFC 9112, 3.2), and what is behind a `#` would stand outside the signature.
    if not path.startswith("/") or "#" in path + query:
        raise RefusedError("InvalidURI", "Couldn't parse the specified URI.")
    return Request(scope["method"], path, query, headers)


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None where the caller has gone."""
    parts = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """Give the body once more, then what comes after it."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> dict[str, Any]:
        return waiting.pop() if waiting else await receive()

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
