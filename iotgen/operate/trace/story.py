"""The steps of a reading, in their order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from iotgen.kinds import KINDS
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.operate.trace.data import Outcome, Step
from iotgen.operate.trace.dead import FoundLetter
from iotgen.operate.trace.invocations import HANDLED, REJECTED, Invocation
from iotgen.operate.trace.rows import FoundRow

# Clocks differ, and a line may be written a moment after what it reports.
_TOLERANCE = 1_000
_ENDED = (Outcome.REJECTED, Outcome.FAILED)


@dataclass(frozen=True)
class Found:
    """All that was found of the reading with an id; the invocations in the order of their times."""

    id: str
    invocations: Sequence[Invocation]
    rows: Sequence[FoundRow]
    letters: Sequence[FoundLetter]


def story(found: Found, pipeline: Pipeline) -> tuple[Step, ...]:
    """What happened, in the order of time; what has no time comes last."""
    functions = {function.key: function for function in pipeline.all(Function)}
    calls = [(one, _call(one, found.id)) for one in found.invocations]
    own = [(one, step, functions[one.group.writer]) for one, step in calls if one.group.writer in functions]
    steps = [
        *(step for _, step in calls),
        *_noted(own, found.id),
        *_waits([(step, function) for _, step, function in own]),
        *(_row(row, own) for row in found.rows),
        *(_letter(one) for one in found.letters),
    ]
    return tuple(sorted(steps, key=_place))


def _place(step: Step) -> tuple[bool, int, int]:
    last = (Outcome.STORED, Outcome.NOTIFIED, Outcome.DEAD)
    return step.start is None, step.start or 0, last.index(step.outcome) + 1 if step.outcome in last else 0


Own = tuple[Invocation, Step, Function]


def _call(one: Invocation, id: str) -> Step:
    span = one.span
    rejected = one.names(REJECTED, id)
    outcome = Outcome.REJECTED if rejected else Outcome.FAILED if one.failed else Outcome.PASSED
    where = {"request": one.request} if one.request else {}
    return Step(
        start=span.start,
        end=span.end,
        who=one.group.writer,
        what=_said(one, outcome),
        where=where,
        outcome=outcome,
    )


def _said(one: Invocation, outcome: Outcome) -> str:
    """What an invocation did, in some words."""
    fields = {name: value for line in one.lines for name, value in line.fields.items()}
    counts = fields.get("counts")
    if outcome is Outcome.REJECTED:
        return f"rejected: {fields['refused']}" if "refused" in fields else "rejected"
    if outcome is Outcome.FAILED:
        return f"error: {_fault(one, fields.get('faults'))}"
    if isinstance(counts, dict):
        done = ", ".join(f"{name} {number:,}" for name, number in counts.items() if number)
        return done or "handled"
    messages = [line.message for line in one.lines if line.message and not line.platform]
    return messages[-1] if messages else "ran"


def _fault(one: Invocation, faults: object) -> str:
    if isinstance(faults, list) and faults and isinstance(faults[0], dict):
        first = faults[0]
        return f"{first.get('code') or first.get('type')} at {first.get('at')}"
    return next(line.message.strip().splitlines()[-1] for line in one.lines if line.failed)


def _noted(own: Iterable[Own], id: str) -> Iterator[Step]:
    """What the functions note that they passed on, such as notifications."""
    for one, step, function in own:
        for kind in KINDS:
            if kind.traces and kind.traces.noted and one.names(kind.traces.noted, id):
                for grant in function.grants:
                    if grant.section == kind.section:
                        yield _after(step, grant.key, kind.traces.done, Outcome.NOTIFIED)


def _after(step: Step, who: str, what: str, outcome: Outcome) -> Step:
    return Step(start=step.end, end=step.end, who=who, what=what, where={}, outcome=outcome)


def _waits(own: Sequence[tuple[Step, Function]]) -> Iterator[Step]:
    """The time between a function and the ones that its messages or objects set off."""
    functions = {function.key: function for _, function in own}
    for sender in functions.values():
        sent = [step for step, of in own if of.key == sender.key and step.outcome not in _ENDED]
        for other in functions.values():
            taken = [step for step, of in own if of.key == other.key]
            for key in sources(sender, other):
                yield from _between(key, sent, taken)


def sources(sender: Function, other: Function) -> tuple[str, ...]:
    """The keys of the queues and buckets by which a function sets off another one."""
    return tuple(
        dict.fromkeys(
            trigger.resource[1]
            for trigger in other.triggers
            if trigger.resource
            and sender.key != other.key
            and any(trigger.set_off_by(grant) for grant in sender.grants)
        )
    )


def _between(key: str, sent: Sequence[Step], taken: Sequence[Step]) -> Iterator[Step]:
    """The waits in the source `key` of a trigger; the first that was sent is the first that arrives."""
    waiting = list(sent)
    for step in taken:
        before = [one for one in waiting if (one.end or 0) <= (step.start or 0) + _TOLERANCE]
        if before:
            waiting.remove(before[0])
            start = min(before[0].end or 0, step.start or 0)
            yield Step(start=start, end=step.start, who=key, what="waited", where={}, outcome=Outcome.WAITED)


def awaited(steps: Sequence[Step], pipeline: Pipeline) -> tuple[str, ...]:
    """The sources of triggers into which a function passed the reading, and from which none has taken it."""
    functions = pipeline.all(Function)
    passed = {step.who for step in steps if step.outcome is Outcome.PASSED}
    done = {step.who for step in steps}
    return tuple(
        dict.fromkeys(
            key
            for sender in functions
            for other in functions
            if sender.key in passed and other.key not in done
            for key in sources(sender, other)
        )
    )


def _row(found: FoundRow, own: Sequence[Own]) -> Step:
    _, key = found.resource
    time = _stored_at(found, own)
    return Step(start=time, end=time, who=key, what="row", where=dict(found.row.key), outcome=Outcome.STORED)


def _stored_at(found: FoundRow, own: Sequence[Own]) -> int | None:
    """When the function that writes such rows ended; or else the latest time that the row names."""
    ends = [
        step.end or 0
        for one, step, function in own
        if one.names(HANDLED, found.id) and _writes(function, found.resource)
    ]
    at = found.row.at
    fitting = [end for end in ends if at is None or end >= at - _TOLERANCE]
    return fitting[0] if fitting else at


def _writes(function: Function, resource: tuple[str, str]) -> bool:
    return any(
        (grant.section, grant.key) == resource and not grant.access.verbs[verb].reads
        for grant in function.grants
        for verb in grant.verbs
    )


def _letter(found: FoundLetter) -> Step:
    """A dead letter; SQS knows when it was sent, and not when it died."""
    letter = found.letter
    where = {"message": letter.id, "receives": str(letter.receives)}
    return Step(
        start=letter.sent_ms or None,
        end=letter.sent_ms or None,
        who=f"{found.queue.key}-dlq",
        what=f"dead: {letter.reason}",
        where=where,
        outcome=Outcome.DEAD,
    )
