"""CloudWatch Logs as the tests need it: groups of events, in pages of any size, with faults on demand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from iotgen.model.log_group import LogGroup, no_entry, until
from iotgen.operate.logs.pages import Pace, Reader
from iotgen.operate.logs.wanted import no_pattern

_SPAN = until("duration_ms")


def group(writer: str) -> LogGroup:
    """A function's log group."""
    name = f"/aws/lambda/{writer}-dev"
    return LogGroup(writer=writer, name=name, usual=True, entry=no_entry, span=_SPAN)


def event(time: int, message: str = "x", *, id_: str = "", stream: str = "s") -> dict[str, Any]:
    """An event as FilterLogEvents has it; those of functions have no id on the local AWS."""
    made = {"timestamp": time, "message": message, "logStreamName": stream, "ingestionTime": time}
    return made | ({"eventId": id_} if id_ else {})


def refusal(code: str) -> ClientError:
    """What boto3 raises for a refused call."""
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "FilterLogEvents")


@dataclass
class Logs:
    """boto3's client: pages have `page` events, and every other page is empty, as AWS allows.

    `failures` are raised first, one for each call. Without `tokens`, a full page has no token, as on the
    local AWS.
    """

    events: dict[str, list[dict[str, Any]]]
    page: int = 10_000
    tokens: bool = True
    failures: list[ClientError] = field(default_factory=list)
    calls: list[Mapping[str, Any]] = field(default_factory=list)

    def filter_log_events(self, **asked: Any) -> dict[str, Any]:
        self.calls.append(asked)
        if self.failures:
            raise self.failures.pop(0)
        if asked["logGroupName"] not in self.events:
            raise refusal("ResourceNotFoundException")
        end = asked.get("endTime", 10**15)
        within = [
            one
            for one in sorted(self.events[asked["logGroupName"]], key=lambda one: one["timestamp"])
            if asked["startTime"] <= one["timestamp"] <= end
        ]
        if not self.tokens:
            return {"events": within[: asked["limit"]]}
        turn = int(asked.get("nextToken", "0"))
        if turn % 2:  # partially full or empty pages do not mean that there are no more
            return {"events": [], "nextToken": str(turn + 1)}
        first = turn // 2 * self.page
        rest = within[first + self.page :]
        return {"events": within[first : first + self.page], **({"nextToken": str(turn + 1)} if rest else {})}


@dataclass
class Clock:
    """A clock that only sleeping moves."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def reader(logs: Logs, clock: Clock | None = None, said: list[str] | None = None) -> Reader:
    """A reader of a fake client that never really waits."""
    own = clock or Clock()
    say = (said if said is not None else []).append
    return Reader(logs, no_pattern, say, Pace(lambda: own.now, own.sleep))


def named(events: Mapping[str, Iterable[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Events by the name of the log group of their function."""
    return {group(writer).name: list(own) for writer, own in events.items()}
