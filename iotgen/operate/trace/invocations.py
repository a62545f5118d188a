"""What log lines say of readings: each invocation and request that names them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iotgen.model.log_group import LogGroup, Span
from iotgen.operate.logs.line import Line, mentioned
from iotgen.operate.trace.mentions import Mention

# The fields in which the handlers name readings, by device; see handlers/readings/invocation.py.
HANDLED, REJECTED = "readings", "rejected_readings"
_REQUEST = "requestid"
# The fields of its own request, rather than of who called it.
_OWN = ("request_id", "requestId", "function_request_id")
_PLATFORM = "RequestId: "


@dataclass(frozen=True)
class Invocation:
    """The lines of a log group about one request, in their order, and the ids that they name."""

    group: LogGroup
    lines: tuple[Line, ...]
    ids: frozenset[str]
    requests: frozenset[str]

    @property
    def span(self) -> Span:
        """From when to when it lasted, as far as its lines show."""
        spans = [self.group.span(line.fields, line.time) for line in self.lines if not line.platform]
        spans = spans or [Span(line.time, line.time) for line in self.lines]
        return Span(min(span.start for span in spans), max(span.end for span in spans))

    @property
    def request(self) -> str:
        """The id of the request, empty if its lines name none."""
        return next((id for line in self.lines for id in requests_of(line)), "")

    @property
    def failed(self) -> bool:
        """Whether any of its lines reports an error."""
        return any(line.failed for line in self.lines)

    def names(self, field: str, id: str) -> bool:
        """Whether a line names the reading in a field."""
        return any(id in set(mentioned(line.fields.get(field))) for line in self.lines)

    def all_in(self, field: str) -> int:
        """How many readings its lines name in a field."""
        return sum(1 for line in self.lines for _ in named(line, field))

    def devices(self, id: str) -> Iterator[str]:
        """The devices under which its lines name the reading."""
        for line in self.lines:
            for field in (HANDLED, REJECTED):
                by_device = line.fields.get(field)
                if isinstance(by_device, Mapping):
                    yield from (device for device, events in by_device.items() if id in events)
            yield from _beside(line.fields, id)


def named(line: Line, *fields: str) -> Iterator[str]:
    """The readings that a line names in these fields, or in any."""
    for field in fields or (HANDLED, REJECTED):
        by_device = line.fields.get(field)
        if isinstance(by_device, Mapping):
            for events in by_device.values():
                yield from (id for id in events if isinstance(id, str)) if isinstance(events, list) else ()


def requests_of(line: Line) -> Iterator[str]:
    """The ids of requests that a line names: its own, or those of who called it."""
    if line.platform and _PLATFORM in line.message:
        yield line.message.partition(_PLATFORM)[2].partition(" ")[0]
    yield from (line.fields[name] for name in _OWN if isinstance(line.fields.get(name), str))
    for name, value in line.fields.items():
        if name.lower().replace("_", "").endswith(_REQUEST) and isinstance(value, str) and value:
            yield value


def invocations(mentions: Iterable[Mention]) -> tuple[Invocation, ...]:
    """The mentions put together by log group and request, in the order of time."""
    together: dict[tuple[LogGroup, str], list[Mention]] = defaultdict(list)
    for number, mention in enumerate(mentions):
        request = next(requests_of(mention.line), f"line {number}")
        together[mention.group, request].append(mention)
    made = [_invocation(group, found) for (group, _), found in together.items()]
    return tuple(sorted(made, key=lambda one: (one.span.start, one.span.end)))


def _invocation(group: LogGroup, found: Sequence[Mention]) -> Invocation:
    lines = tuple(sorted((one.line for one in found), key=lambda line: line.time))
    ids = frozenset[str]().union(*(one.ids for one in found))
    return Invocation(group, lines, ids, frozenset(id for line in lines for id in requests_of(line)))


def _beside(fields: Mapping[str, Any], id: str) -> Iterator[str]:
    """The device of an object that has the id as a value, in the lines of other handlers."""
    waiting: list[Any] = [fields]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Mapping):
            device = here.get("device_id")
            if isinstance(device, str) and id in [one for one in here.values() if isinstance(one, str)]:
                yield device
            waiting += here.values()
        elif isinstance(here, list):
            waiting += here
