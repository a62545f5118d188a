"""Lambda: containers that are started, reused, frozen and lost, and invocations that end in one of many ways.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from greenlet import GreenletExit

from iotgen.prove import outside
from iotgen.prove.account import EPOCH, Account
from iotgen.prove.aws.errors import Unsimulated
from iotgen.prove.kernel import MILLISECOND, MINUTE, SECOND, Kernel, Task, current
from iotgen.prove.modules import Code, Modules
from iotgen.prove.shape import FunctionShape

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
ACCOUNT_CONCURRENCY = 1000
_STARTS = (300 * MILLISECOND, 600 * MILLISECOND, 1500 * MILLISECOND)
# Within so many calls an invocation that runs out of memory does so.
_CALLS = 12
# An idle container is kept for some minutes: nobody promises how many.
_KEPT = 10 * MINUTE


@dataclass(frozen=True, slots=True)
class Result:
    """How an invocation ended: with `value`, or with an error by its name."""

    value: Any = None
    error: str = ""


Reply = Callable[[Result], None]


@dataclass(frozen=True, slots=True)
class LambdaContext:
    """What Python handlers get beside the event."""

    function_name: str
    memory_limit_in_mb: int
    aws_request_id: str
    get_remaining_time_in_millis: Callable[[], int]
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:simulated"
    function_version: str = "$LATEST"
    log_group_name: str = "/aws/lambda/simulated"
    log_stream_name: str = "simulated"


class Container:
    """A container of a function. It outlives histories: `begin` makes it new."""

    def __init__(self, code: Code, shape: FunctionShape) -> None:
        self.shape = shape
        self.kernel: Kernel = Kernel()
        self.environment: dict[str, str] = {}
        self.account: Account | None = None
        self.invocation: Invocation | None = None
        self.threads: list[Task] = []
        self.skew = 0
        self.used_at = 0
        self._modules = Modules(code, outside.modules(self))
        self._handler: Any = None

    def begin(self, account: Account, skew: int) -> None:
        """Start as a new container of an account."""
        self.account, self.kernel, self.skew = account, account.kernel, skew
        self.environment.clear()
        self.environment.update(self.shape.environment)
        self.invocation, self.threads = None, []
        if self._handler is None:
            self._handler = self._load()
            self._modules.remember()
        else:
            self._modules.reset()

    def _load(self) -> Any:
        """The handler; Unsimulated where it cannot be imported, with the reason."""
        module, _, name = self.shape.handler.rpartition(".")
        try:
            return getattr(self._modules.load(module.replace("/", ".")), name)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise Unsimulated(f"the handler of {self.shape.key} cannot be imported: {reason}") from error

    def handle(self, event: Any, context: LambdaContext) -> Any:
        """Call the handler."""
        return self._handler(event, context)

    def clock(self) -> int:
        """Its clock, in microseconds since 1970."""
        return EPOCH * SECOND + self.kernel.now + self.skew

    def bits(self, count: int) -> int:
        """A number of so many bits, by chance."""
        value = 0
        chance = self.account.chance if self.account else None
        for _ in range(0, count, 16):
            value = value << 16 | (chance.below(1 << 16) if chance else 0)
        return value >> (-count % 16)

    def spawn(self, work: Callable[[], Any]) -> Task:
        """Start a thread; it stands still while nothing is invoked."""
        task = self.kernel.start(work, self)
        self.threads.append(task)
        self.kernel.after(0, lambda: self.kernel.resume(task))
        return task

    def call(
        self, service: str, operation: str, given: Mapping[str, Any], attempts: int, timeout: float
    ) -> Any:
        """Call AWS."""
        if self.account is None or self.invocation is None:
            raise GreenletExit
        return self.account.call(service, operation, given, attempts, timeout, self.invocation)

    def lose(self) -> None:
        """End all that runs in it."""
        for task in self.threads:
            self.kernel.end(task)
        self.threads = []


class Invocation:
    """An invocation that runs; `reply` is called once, when it has ended."""

    def __init__(self, service: "FunctionService", container: Container, event: Any, reply: Reply) -> None:
        self.service, self.container, self.reply = service, container, reply
        self.calls = 0
        kernel = service.account.kernel
        self.ends_at = kernel.now + service.shape.timeout
        self.id = service.account.number()
        self.name = f"{service.shape.key} {self.id[:8]}"
        self.over = False
        # At which of its calls it runs out of memory: in between, or with its answer, if it makes fewer.
        chance = service.account.chance
        self.runs_out_at = 1 + chance.below(_CALLS) if service.account.meets("out_of_memory") else 0
        self._event = event
        self.task = kernel.start(self._run, container)

    def begin(self) -> None:
        """Call the handler, up to its first call of AWS."""
        kernel = self.service.account.kernel
        self.container.invocation = self
        for thread in self.container.threads:
            thread.frozen = False
            kernel.after(0, lambda thread=thread: kernel.resume(thread))  # type: ignore[misc]
        kernel.at(self.ends_at, self._time_out)
        kernel.resume(self.task)

    def kill(self, reason: str) -> None:
        """End it where it stands, and its container with it."""
        if self.over:
            raise GreenletExit
        self.service.account.tell(self.name, f"{reason}")
        self._finish(Result(error=reason), lost=True)
        if current() is self.task:
            self.task.dead = True
            raise GreenletExit
        self.service.account.kernel.end(self.task)

    def run_out(self) -> None:
        """End it as Linux ends a process without memory.

        https://repost.aws/knowledge-center/lambda-runtime-error
        """
        self.kill("Runtime.ExitError: Runtime exited with error: signal: killed")

    def remaining(self) -> int:
        """The milliseconds that are left."""
        return max(0, (self.ends_at - self.service.account.kernel.now) // MILLISECOND)

    def _time_out(self) -> None:
        if not self.over:
            self.service.account.tell(self.name, "timed out")
            self.service.account.met["timeout"] += 1
            self._finish(Result(error="timed out"), lost=True)
            self.service.account.kernel.end(self.task)

    def _run(self) -> None:
        shape = self.service.shape
        context = LambdaContext(shape.key, shape.memory, self.id, self.remaining)
        try:
            result = Result(self.container.handle(self._event, context))
        except Exception as error:
            result = Result(error=f"{type(error).__name__}: {error}")
            self.service.account.tell(self.name, f"fails: {result.error[:200]}")
        if self.runs_out_at and not self.over:
            self.run_out()
        if not self.over:
            self._finish(result, lost=False)

    def _finish(self, result: Result, *, lost: bool) -> None:
        self.over = True
        self.service.ended(self, lost=lost)
        self.reply(result)


class FunctionService:
    """A function: its containers, and how many may run at once."""

    def __init__(self, shape: FunctionShape, account: Account, pool: list[Container], code: Code) -> None:
        self.shape, self.account = shape, account
        self.running = 0
        self.throttled = 0
        self.most_calls = 0
        self.changed: list[Callable[[], None]] = []
        self._idle: list[Container] = []
        self._pool, self._code = pool, code
        self._limit = ACCOUNT_CONCURRENCY if shape.reserved is None else shape.reserved

    def invoke(self, event: Any, reply: Reply) -> bool:
        """Start an invocation; False where no more may run."""
        if self.running >= self._limit:
            self.throttled += 1
            return False
        self.running += 1
        container = self._warm()
        if container:
            self.account.kernel.after(0, Invocation(self, container, event, reply).begin)
        else:
            self._start(event, reply)
        return True

    def ended(self, invocation: Invocation, *, lost: bool) -> None:
        """Take an invocation's container back, or lose it."""
        self.running -= 1
        self.most_calls = max(self.most_calls, invocation.calls)
        container = invocation.container
        container.invocation = None
        if lost:
            container.lose()
            self._pool.append(container)
        else:
            for thread in container.threads:
                thread.frozen = True
            container.used_at = self.account.kernel.now
            self._idle.append(container)
        for changed in self.changed:
            self.account.kernel.after(0, changed)

    def release(self) -> None:
        """Give all containers back, at the end of a history."""
        for container in self._idle:
            container.lose()
        self._pool += self._idle
        self._idle = []

    def _warm(self) -> Container | None:
        now = self.account.kernel.now
        while self._idle:
            container = self._idle.pop()
            if now - container.used_at < _KEPT and not self.account.meets("recycled"):
                return container
            container.lose()
            self._pool.append(container)
        return None

    def _start(self, event: Any, reply: Reply) -> None:
        """A cold start: it takes a while, and may fail."""
        account = self.account
        if account.meets("failed_start"):
            account.tell(self.shape.key, "a container does not start")
            self.running -= 1
            account.kernel.after(SECOND, lambda: reply(Result(error="the container did not start")))
            return
        container = self._pool.pop() if self._pool else Container(self._code, self.shape)
        skew = account.weather.skew
        container.begin(account, (account.chance.below(3) - 1) * skew if skew else 0)
        delay = _STARTS[account.chance.below(len(_STARTS))]
        account.kernel.after(delay, Invocation(self, container, event, reply).begin)


def plain(value: Any) -> Any:
    """A value as it is after a way through JSON."""
    return json.loads(json.dumps(value))
