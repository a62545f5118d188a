"""Functions that invoke each other in a cycle: through queues and buckets, or by records of their calls."""

from collections.abc import Iterable, Iterator, Mapping

from iotgen.checks.rule import Rule
from iotgen.checks.trigger_loop import writes
from iotgen.kinds.functions import Destination, Function
from iotgen.model.pipeline import Named, Pipeline
from iotgen.model.sources import Sources
from iotgen.model.trigger import Trigger
from iotgen.problem import Finding, Path, Severity

# From a function to those that it triggers, each with what it does to that end, and its place.
Calls = Mapping[str, Mapping[str, tuple[str, Path]]]

SHOWN = 4


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each circle of functions; one that writes to what triggers itself is another rule's."""
    calls = _calls(pipeline)
    for circle in _circles(calls):
        steps = [calls[one][other] for one, other in zip(circle, (*circle[1:], circle[0]), strict=True)]
        parts = [f"`{key}` {does}" for key, (does, _) in zip(circle, steps, strict=True)]
        if len(parts) > SHOWN:
            parts[1:-1] = [f"{len(parts) - 2} more functions"]
        message = f"an endless loop: {', '.join(parts)}, which triggers `{circle[0]}` again"
        yield Finding(steps[0][1], message, _hint(path for _, path in steps))


def _hint(places: Iterable[Path]) -> str:
    if all("async" in path for path in places):
        return "Report to a queue or a topic that calls none of them."
    return "Make one of them write to another queue or prefix."


def _calls(pipeline: Pipeline) -> Calls:
    consumers: dict[Named, list[tuple[Trigger, str]]] = {}
    for function in pipeline.all(Function):
        for trigger in function.triggers:
            if trigger.resource:
                consumers.setdefault(trigger.resource, []).append((trigger, function.key))
    calls: dict[str, dict[str, tuple[str, Path]]] = {}
    for function in pipeline.all(Function):
        called = calls.setdefault(function.key, {})
        written = {(grant.section, grant.key) for grant in function.grants}
        reading = {trigger: key for named in written for trigger, key in consumers.get(named, ())}
        for trigger, name, path in writes(function, reading):
            if reading[trigger] != function.key:
                called.setdefault(reading[trigger], (f"writes to `{name}`", path))
        for key, one in _reported(function, consumers):
            called.setdefault(key, (f"reports to `{one.key}`", one.path))
    return calls


def _reported(
    function: Function, consumers: Mapping[Named, Iterable[tuple[Trigger, str]]]
) -> Iterator[tuple[str, Destination]]:
    """The functions that get the records of the function's asynchronous calls; from a queue it makes none."""
    for one in function.destinations:
        if one.section == function.path[0]:
            yield one.key, one
        for trigger, key in consumers.get((one.section, one.key), ()):
            if trigger.asynchronous or key != function.key:
                yield key, one


def _circles(calls: Calls) -> Iterator[tuple[str, ...]]:
    """Each circle that a walk along the calls comes upon, each function in one at most."""
    done: set[str] = set()
    reported: set[str] = set()
    for start in calls:
        way = {} if start in done else {start: iter(calls[start])}
        while way:
            key = next(reversed(way))
            called = next(way[key], None)
            if called is None:
                done.add(key)
                del way[key]
            elif called in way:
                keys = tuple(way)
                circle = keys[keys.index(called) :]
                if reported.isdisjoint(circle):
                    reported.update(circle)
                    yield circle
            elif called not in done:
                way[called] = iter(calls[called])


RULE = Rule(
    code="IOT362",
    severity=Severity.WARNING,
    summary="Functions call each other in a circle.",
    why=(
        "A function that writes to the queue or the bucket of another calls it, and so does one that reports "
        "its asynchronous calls to it; in a circle each event causes the next one. Lambda detects many such "
        "loops and stops them after about 16 rounds; until then they cost money and take up concurrency."
    ),
    fix="Let one of the functions write to another queue or prefix, or report to something that calls none.",
    ignore="One of the functions always ends the circle.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html",
    check=check,
)
