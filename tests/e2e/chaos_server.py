"""A local AWS that fails as AWS may: calls throttled, refused or done in part, answers lost, functions dead.

Run as a file in the place of `iotgen/local/serve.py`. It is an ordinary local AWS, closed and mended, which
Terraform can apply to, until it is told to begin:

    POST /_chaos {"seed": 1, "kill_every": 2}   begin; some function's process is killed every 2 s on average
    GET /_chaos                                 what was done since, as counts
    DELETE /_chaos                              end, and the counts
"""

import json
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from random import Random
from subprocess import Popen
from typing import Any

from iotgen.local.emulator.assemble import assembled
from iotgen.local.emulator.protocol import Answer, Handler

PATH = "/_chaos"
KILLED = "Kill"

Fault = Callable[[Handler, tuple[Any, ...]], Awaitable[Answer]]
"""Answers a call in the place of its handler."""

_BODY = 3


def main() -> None:
    """Serve until a signal ends it."""
    app, runtime = assembled(), import_module("ministack.core.lambda_runtime")
    chaos = Chaos(runtime)
    disturb_services(app, chaos)
    disturb_functions(import_module("ministack.services.lambda_svc"), chaos)
    disturb_api(app, chaos)
    app.app = steered(app.app, chaos)
    app.main()


def refused(status: int, code: str) -> Fault:
    """Answer with an error, and do nothing."""

    async def refuse(_handler: Handler, _call: tuple[Any, ...]) -> Answer:
        return _json(status, {"__type": code, "message": "refused by chance"})

    return refuse


async def cut(handler: Handler, call: tuple[Any, ...]) -> Answer:
    """Do the work; the connection ends in the middle of the answer."""
    status, headers, body = await handler(*call)

    async def send_half(send: Callable[[object], Awaitable[None]], _receive: object) -> None:
        half = body[: len(body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})

    streaming: Any = import_module("ministack.core.responses").StreamingResponse(send_half)
    return status, {**headers, "Content-Length": str(len(body))}, streaming


async def timed_out(handler: Handler, call: tuple[Any, ...]) -> Answer:
    """Do the work, and answer as API Gateway does when it took too long."""
    await handler(*call)
    return _json(504, {"message": "Endpoint request timed out"})


async def too_many(_handler: Handler, _call: tuple[Any, ...]) -> Answer:
    """Answer as API Gateway does past the rate."""
    return _json(429, {"message": "Too Many Requests"})


async def written_in_part(handler: Handler, call: tuple[Any, ...]) -> Answer:
    """Write every other item of a batch; with one item there is nothing to write, which is an error."""
    request = json.loads(call[_BODY])
    [(table, writes)] = request["RequestItems"].items()
    if len(writes) < 2:
        return await _over_throughput(handler, call)
    request["RequestItems"] = {table: writes[1::2]}
    status, headers, body = await handler(*_with_body(call, request))
    if status != 200:
        return status, headers, body
    return _json(status, {**json.loads(body), "UnprocessedItems": {table: writes[::2]}})


async def sent_in_part(handler: Handler, call: tuple[Any, ...]) -> Answer:
    """Send every other message of a batch, beginning with its second."""
    request = json.loads(call[_BODY])
    entries = request["Entries"]
    failed = [{"Id": entry["Id"], "Code": "InternalError", "SenderFault": False} for entry in entries[::2]]
    if len(entries) < 2:
        return _json(200, {"Successful": [], "Failed": failed})
    status, headers, body = await handler(*_with_body(call, {**request, "Entries": entries[1::2]}))
    if status != 200:
        return status, headers, body
    return _json(status, {**json.loads(body), "Failed": failed})


_over_throughput = refused(400, "ProvisionedThroughputExceededException")
_OF_A_TABLE = {
    "throughput": (0.03, _over_throughput),
    "throttled": (0.02, refused(400, "ThrottlingException")),
    "5xx": (0.01, refused(500, "InternalServerError")),
    "cut": (0.01, cut),
}
# The share of calls that have each fault, from 0 to 1, by operation.
FAULTS: Mapping[str, Mapping[str, tuple[float, Fault]]] = {
    "BatchWriteItem": {**_OF_A_TABLE, "in part": (0.05, written_in_part)},
    "PutItem": _OF_A_TABLE,
    "Query": _OF_A_TABLE,
    "SendMessageBatch": {
        "throttled": (0.03, refused(400, "ThrottlingException")),
        "request throttled": (0.02, refused(403, "RequestThrottled")),
        "5xx": (0.01, refused(503, "ServiceUnavailable")),
        "cut": (0.02, cut),
        "in part": (0.05, sent_in_part),
    },
    # Few calls: a function reads it when it starts and once a minute.
    "GetParameter": {
        "throttled": (0.1, refused(400, "ThrottlingException")),
        "5xx": (0.05, refused(500, "InternalServerError")),
    },
    "Api": {"throttled": (0.03, too_many), "504": (0.02, timed_out), "cut": (0.02, cut)},
}
SERVICES = ("dynamodb", "sqs", "ssm")
INVOKE_THROTTLED = 0.03


class Chaos:
    """Draws the faults and kills the processes; `runtime` is MiniStack's module that has them."""

    def __init__(self, runtime: Any) -> None:
        self._runtime = runtime
        self._lock = threading.Lock()
        self._random = Random()  # noqa: S311 (nothing secret: it is to be repeatable)
        self._counts: Counter[str] = Counter()
        self._over = threading.Event()
        self._over.set()

    def begin(self, seed: int, kill_every: float) -> None:
        """Begin anew; `kill_every` is in seconds, on average."""
        self.end()
        self._random.seed(seed)
        self._counts.clear()
        self._over = threading.Event()
        threading.Thread(target=self._kill_now_and_then, args=(self._over, kill_every), daemon=True).start()

    def end(self) -> None:
        """Let everything work again."""
        self._over.set()

    def counts(self) -> dict[str, int]:
        """How often each fault was, by operation, and how many processes were killed."""
        with self._lock:
            return dict(self._counts)

    def draw(self, operation: str, shares: Mapping[str, float]) -> str | None:
        """Draw the fault that a call has, if it has one, and count it."""
        if self._over.is_set():
            return None
        with self._lock:
            chance = self._random.random()
            for name, share in shares.items():
                chance -= share
                if chance < 0:
                    self._counts[f"{operation}: {name}"] += 1
                    return name
        return None

    def fault(self, operation: str) -> Fault | None:
        """Draw a call's fault from FAULTS."""
        faults = FAULTS.get(operation, {})
        drawn = self.draw(operation, {name: share for name, (share, _) in faults.items()})
        return faults[drawn][1] if drawn else None

    def _kill_now_and_then(self, over: threading.Event, every: float) -> None:
        while not over.wait(every * self._random.uniform(0.5, 1.5)):
            with self._lock:
                at_work, idle = self._processes(True), self._processes(False)
                if there := at_work or idle:
                    self._random.choice(there).kill()
                    self._counts[f"{KILLED}: {'at work' if at_work else 'idle'}"] += 1

    def _processes(self, at_work: bool) -> list["Popen[str]"]:
        """The functions' processes, those at work or the others."""
        workers = [worker for of_one in list(self._runtime._workers.values()) for worker in list(of_one)]
        processes = [worker._proc for worker in workers if worker.in_use == at_work]
        return [process for process in processes if process and process.poll() is None]


def disturb_services(app: Any, chaos: Chaos) -> None:
    """Make some calls of services fail."""

    def disturbed(handler: Handler) -> Handler:
        async def handle(*call: Any) -> Answer:
            operation = call[2].get("x-amz-target", "").rpartition(".")[2]
            fault = chaos.fault(operation)
            return await (fault(handler, call) if fault else handler(*call))

        return handle

    for service in SERVICES:
        app.SERVICE_HANDLERS[service] = disturbed(app.SERVICE_HANDLERS[service])


def disturb_functions(lambda_svc: Any, chaos: Chaos) -> None:
    """Refuse some invocations, by the API and by the queue, as at the account's limit."""
    execute = lambda_svc._execute_function

    def execute_function(*args: Any, **kwargs: Any) -> Any:
        if chaos.draw("Invoke", {"throttled": INVOKE_THROTTLED}):
            return lambda_svc._throttle_response("ConcurrentInvocationLimitExceeded", "Rate exceeded")
        return execute(*args, **kwargs)

    lambda_svc._execute_function = execute_function


def disturb_api(app: Any, chaos: Chaos) -> None:
    """Make some calls of the API fail."""
    handler = app._handle_special_data_plane_request

    async def handle(*call: Any, **more: Any) -> Answer | None:
        fault = chaos.fault("Api") if "/_user_request_/" in call[1] else None
        if fault is None:
            answer: Answer | None = await handler(*call, **more)
            return answer
        return await fault(lambda *args: handler(*args, **more), call)

    app._handle_special_data_plane_request = handle


def steered(app: Any, chaos: Chaos) -> Any:
    """Answer the calls of this server's own path, which are before its gate, as it is for tests alone."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await app(scope, receive, send)
            return
        status, headers, body = _told(chaos, scope["method"], (await receive())["body"])
        lines = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": lines})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    return answer


def _told(chaos: Chaos, method: str, body: bytes) -> Answer:
    if method == "POST":
        chaos.begin(**json.loads(body))
    elif method == "DELETE":
        chaos.end()
    return _json(200, chaos.counts())


def _with_body(call: tuple[Any, ...], request: Mapping[str, Any]) -> tuple[Any, ...]:
    return (*call[:_BODY], json.dumps(request).encode(), *call[_BODY + 1 :])


def _json(status: int, content: object) -> Answer:
    return status, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(content).encode()


if __name__ == "__main__":
    main()
