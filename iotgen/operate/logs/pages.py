"""The events of a log group, page by page, at the pace that CloudWatch allows.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from iotgen.errors import RemoteError
from iotgen.model.log_group import LogGroup
from iotgen.operate.logs.line import Event
from iotgen.operate.refusal import error_code, explaining

Say = Callable[[str], None]

# The calls of FilterLogEvents in a second that an account has in a region, a quota that cannot be raised.
# https://repost.aws/knowledge-center/cloudwatch-logs-throttling
CALLS_PER_SECOND = 5
PAGE = 10_000
_THROTTLED = frozenset({"ThrottlingException", "Throttling", "RequestLimitExceeded"})
_PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0)
# A search that finds little may read for minutes.
_PAGES_IN_SILENCE = 50


@dataclass
class Pace:
    """Lets at most so many calls through in a second."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    per_second: int = CALLS_PER_SECOND
    _calls: list[float] = field(default_factory=list)

    def wait(self) -> None:
        """Return once a call may be made."""
        if len(self._calls) >= self.per_second:
            self.sleep(max(0.0, self._calls[0] + 1 - self.clock()))
        self._calls = [*self._calls[1 - self.per_second :], self.clock()]


@dataclass(frozen=True)
class Window:
    """From `start` until `end`, both in milliseconds since 1970 and inclusive; None is now and later."""

    start: int
    end: int | None = None


@dataclass(frozen=True)
class Reader:
    """Reads log groups by boto3's client `logs`.

    `pattern` is the filter that CloudWatch applies to a group, empty for none. `missing` has the groups that
    are not there. `say` gets a line where a search takes long.
    """

    logs: Any
    pattern: Callable[[LogGroup], str]
    say: Say
    pace: Pace = field(default_factory=Pace)
    missing: set[LogGroup] = field(default_factory=set)

    def events(self, group: LogGroup, window: Window) -> Iterator[Event]:
        """The events of a group in the order of their times, none where the group is missing."""
        token: str | None = None
        start, skip, pages, at = window.start, 0, 0, (0, "", 0)
        while True:
            page = self._page(group, Window(start, window.end), token)
            if page is None:
                return
            found = page["events"]
            for event in found[skip:]:
                at = _ordinal(at, event)
                yield _event(event, at[2])
            pages, token = pages + 1, page.get("nextToken")
            if token is None and len(found) < PAGE:
                return
            # The local AWS gives a full page no token: go on from the time of its last event.
            skip = 0
            if token is None:
                start, skip = _after(found)
            if pages % _PAGES_IN_SILENCE == 0:
                self.say(f"Read {pages} pages of the log of {group.writer}, and go on")

    def _page(self, group: LogGroup, window: Window, token: str | None) -> Mapping[str, Any] | None:
        pattern = self.pattern(group)
        asked = {
            "logGroupName": group.name,
            "startTime": window.start,
            "limit": PAGE,
            **({} if window.end is None else {"endTime": window.end}),
            **({"filterPattern": pattern} if pattern else {}),
            **({"nextToken": token} if token else {}),
        }
        with explaining(f"read the log of {group.writer}", "logs:FilterLogEvents"):
            return self._answer(group, asked)

    def _answer(self, group: LogGroup, asked: Mapping[str, Any]) -> Mapping[str, Any] | None:
        from botocore.exceptions import ClientError

        for pause in (*_PAUSES, None):
            self.pace.wait()
            try:
                answer: Mapping[str, Any] = self.logs.filter_log_events(**asked)
            except ClientError as error:
                code = error_code(error)
                if code == "ResourceNotFoundException":
                    self.missing.add(group)
                    return None
                if code not in _THROTTLED:
                    raise
                if pause is None:
                    raise _busy(group) from error
                self.pace.sleep(pause)
            else:
                self.missing.discard(group)
                return answer
        raise AssertionError("the last attempt returns or raises")


def _busy(group: LogGroup) -> RemoteError:
    return RemoteError(
        f"cannot read the log of {group.writer}: CloudWatch refuses more calls for now",
        f"Close other readers of logs: an account has {CALLS_PER_SECOND} such calls a second in a region.",
    )


def _ordinal(at: tuple[int, str, int], event: Mapping[str, Any]) -> tuple[int, str, int]:
    """Time, stream, and the place of an event among those of the same."""
    time_, stream = int(event["timestamp"]), str(event.get("logStreamName", ""))
    return time_, stream, at[2] + 1 if at[:2] == (time_, stream) else 0


def _event(event: Mapping[str, Any], ordinal: int) -> Event:
    """An event; what the local AWS writes for functions has no id, but streams that are whole."""
    time_, stream = int(event["timestamp"]), str(event.get("logStreamName", ""))
    return Event(time_, event.get("eventId") or f"{stream}/{time_}/{ordinal}", stream, event["message"])


def _after(events: list[Mapping[str, Any]]) -> tuple[int, int]:
    """Where the page after a full one begins, and how many of its events are in that one already."""
    last = int(events[-1]["timestamp"])
    same = sum(int(event["timestamp"]) == last for event in events)
    return (last + 1, 0) if same == len(events) else (last, same)
