"""The traces of readings: their ids, all at once, looked for in logs, tables and dead-letter queues."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from iotgen.kinds import KINDS
from iotgen.kinds.functions import FUNCTIONS, Function
from iotgen.kinds.rules import Rule
from iotgen.model.contents import Clients
from iotgen.model.log_group import LogGroup
from iotgen.model.pipeline import Pipeline
from iotgen.operate.dlq.queues import DeadLetterQueue
from iotgen.operate.logs.pages import Window
from iotgen.operate.logs.sources import sources as log_groups
from iotgen.operate.logs.times import rfc_3339
from iotgen.operate.refusal import explaining
from iotgen.operate.trace.data import Step, Trace
from iotgen.operate.trace.dead import Letters, find_letters
from iotgen.operate.trace.invocations import Invocation, invocations, requests_of
from iotgen.operate.trace.mentions import MOST_LINES, Mention, Readers, Searched, search
from iotgen.operate.trace.rows import Rows, find_rows
from iotgen.operate.trace.story import Found, awaited, sources, story
from iotgen.operate.trace.verdict import verdict

_DAY = 86_400_000


@dataclass(frozen=True, kw_only=True)
class Where:
    """Where to look: an environment, its logs in a window, and the rows of a device that is known already.

    Without `dead_letters`, the queues are not looked into, which hides their messages for a moment.
    """

    pipeline: Pipeline
    clients: Clients
    readers: Readers
    window: Window
    dead_letters: Sequence[DeadLetterQueue]
    device: str | None = None


def traces(where: Where, ids: Sequence[str]) -> tuple[Trace, ...]:
    """What happened to each reading, in the order of the ids; RemoteError if AWS refuses."""
    groups = log_groups(where.pipeline, unusual=True)
    named = search(where.readers, groups, where.window, ids)
    calls = _with_requests(where, groups, named)
    of_ids = {id: [one for one in calls if id in one.ids] for id in ids}
    devices = _devices(of_ids, where.device)
    rows = find_rows(where.pipeline, where.clients, devices)
    letters = find_letters(where.clients("sqs"), where.dead_letters, ids)
    return tuple(_trace(where, id, of_ids[id], devices, named, rows, letters) for id in ids)


def _with_requests(where: Where, groups: Sequence[LogGroup], named: Searched) -> tuple[Invocation, ...]:
    """The invocations that name readings, with the other lines of their requests: the API's, and errors."""
    ids_of: dict[str, frozenset[str]] = {}
    for mention in named.mentions:
        for request in requests_of(mention.line):
            ids_of[request] = ids_of.get(request, frozenset()) | mention.ids
    there = {(one.group, one.line.time, repr(one.line)) for one in named.mentions}
    more = [
        Mention(one.group, one.line, frozenset[str]().union(*(ids_of[request] for request in one.ids)))
        for one in search(where.readers, groups, where.window, ids_of).mentions
        if (one.group, one.line.time, repr(one.line)) not in there
    ]
    return invocations([*named.mentions, *more])


def _devices(of_ids: Mapping[str, Sequence[Invocation]], given: str | None) -> dict[str, frozenset[str]]:
    """The ids of each device's readings."""
    devices: dict[str, frozenset[str]] = {}
    for id, calls in of_ids.items():
        for device in (given,) if given else [one for call in calls for one in call.devices(id)]:
            devices[device] = devices.get(device, frozenset()) | {id}
    return devices


def _trace(
    where: Where,
    id: str,
    calls: Sequence[Invocation],
    devices: Mapping[str, frozenset[str]],
    named: Searched,
    rows: Rows,
    letters: Letters,
) -> Trace:
    own = tuple(device for device, ids in devices.items() if id in ids)
    found = Found(
        id,
        calls,
        [row for row in rows.found if row.id == id],
        [letter for letter in letters.found if letter.id == id],
    )
    steps = story(found, where.pipeline)
    on_its_way = awaited(steps, where.pipeline) if not found.letters else ()
    waiting = tuple(_waiting(where, key) for key in on_its_way)
    unseen = (*_unseen(where, named, steps, own), *rows.unseen, *letters.unseen)
    return Trace(id, own, steps, waiting, unseen, verdict(steps, waiting))


def _waiting(where: Where, key: str) -> str:
    """Where a reading waits, with what AWS says of it now."""
    for kind in KINDS:
        for resource in kind.of(where.pipeline):
            if resource.key == key and kind.status and not isinstance(resource, Function):
                with explaining(f"read the state of `{resource.name}`", "to describe this resource"):
                    facts = list(kind.status.facts(where.clients, resource))
                listed = ", ".join(f"{fact.value} {fact.column}" for fact in facts)
                return f"{key} ({listed} now)"
    return key


def _unseen(where: Where, named: Searched, steps: Sequence[Step], devices: Sequence[str]) -> Iterator[str]:
    """What the logs cannot show, and the tables that could not be asked."""
    start = where.window.start
    if not any(step.where.get("request") for step in steps):
        yield f"logs: only lines since {rfc_3339(start)[:-5]}Z were read; `--since` looks further back"
    yield from _before(where.pipeline, {step.who for step in steps})
    if not devices:
        yield "tables: no log line names its device, which is their key; `--device` does"
    for group in sorted(named.missing, key=lambda one: one.writer):
        yield f"{group.writer}: it has no log group, {group.name}"
    for group in sorted(named.cut, key=lambda one: one.writer):
        yield f"{group.writer}: only {MOST_LINES:,} of the lines that mention it were read"
    for function in where.pipeline.all(Function):
        if function.log_level not in ("TRACE", "DEBUG", "INFO"):
            yield f"{function.key}: it logs {function.log_level} and above, so no invocation that succeeds"
        if where.window.end and where.window.end - start > function.log_retention_days * _DAY:
            yield f"{function.key}: its log is kept for {function.log_retention_days} days"


def _before(pipeline: Pipeline, seen: Set[str]) -> Iterator[str]:
    """The rules of AWS IoT by which a reading came to a function that no other one has called."""
    functions = [function for function in pipeline.all(Function) if function.key in seen]
    for function in functions:
        entries = {(FUNCTIONS.section, function.key), *(trigger.resource for trigger in function.triggers)}
        called = {key for sender in functions for key in sources(sender, function)}
        for rule in pipeline.all(Rule):
            for target in rule.targets:
                if target.head in entries and target.key not in called:
                    yield f"{rule.key}: a rule of AWS IoT logs nothing, so this begins at {target.key}"
