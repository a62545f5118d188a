"""The balance: compares the sent readings with those in the tables, queues and bucket."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from iotgen.simulate.fleet import FAULTY, Fleet, Kind
from iotgen.simulate.ledger import Answer
from iotgen.simulate.tally import Tally


class Verdict(StrEnum):
    """The result for a reading."""

    STORED = "stored once"
    FLAGGED = "stored once, flagged"
    REJECTED = "rejected with a reason"
    DEAD = "in a dead-letter queue"
    LOST = "lost"
    DOUBLED = "stored more than once"
    ALTERED = "stored with another time or content"
    UNFLAGGED = "in the future, and not flagged"
    REFUSED = "refused, but sound"
    TAKEN = "taken, but faulty"
    BOTH = "rejected, and stored"
    UNEXPLAINED = "rejected without a reason"
    UNANSWERED = "never answered"
    STRANGE = "never sent"
    CONTRADICTED = "answered in contradiction"


GOOD = frozenset({Verdict.STORED, Verdict.FLAGGED, Verdict.REJECTED, Verdict.DEAD})
"""The verdicts that account for a reading."""
_PENDING = frozenset({Verdict.LOST, Verdict.UNANSWERED})


@dataclass(frozen=True, slots=True)
class Fault:
    """A deviation from the expected result; `number` is None if it concerns no particular reading."""

    verdict: Verdict
    number: int | None
    kind: str
    device: str
    detail: str


@dataclass(frozen=True)
class Found:
    """The readings in the stores.

    `tables` has the tables by name, `late` the names of those that a reading in a dead-letter queue does not
    reach. `dead` are the readings in dead-letter queues, `rejected` those rejected in the bucket, with the
    reason.
    """

    tables: Mapping[str, Tally]
    late: Collection[str] = ()
    dead: Collection[int] = ()
    rejected: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Balance:
    """The number of readings by kind and verdict, and all faults; `waiting` messages are still queued."""

    counts: Mapping[tuple[Kind, Verdict], int]
    faults: Sequence[Fault]
    waiting: int = 0

    @property
    def sound(self) -> bool:
        """Whether every reading is accounted for."""
        return not self.faults

    @property
    def may_mend(self) -> bool:
        """Whether missing readings could still arrive."""
        return any(fault.verdict in _PENDING for fault in self.faults)

    @property
    def totals(self) -> dict[Verdict, int]:
        """The number of readings with each verdict, in the order of the verdicts."""
        totals: Counter[Verdict] = Counter()
        for (_, verdict), count in self.counts.items():
            totals[verdict] += count
        return {verdict: totals[verdict] for verdict in Verdict if totals[verdict]}


def account(
    fleet: Fleet, answers: bytes, found: Found, contradictions: Sequence[str] = (), waiting: int = 0
) -> Balance:
    """Compare the answers with the readings in the stores; readings that were not sent are ignored."""
    answered, dead, rejected = _by_original(fleet, answers, found)
    verdicts: dict[int, Verdict] = {}
    faults = [Fault(Verdict.CONTRADICTED, None, "", "", text) for text in contradictions]
    for name, tally in found.tables.items():
        faults += [Fault(Verdict.STRANGE, None, "", "", f"in {name}: {text}") for text in tally.strangers]
    counts: Counter[tuple[Kind, Verdict]] = Counter()
    for number, answer in enumerate(answers):
        if not answer:
            continue
        original = fleet.original(number)
        if original not in verdicts:
            case = _Case(
                original, Answer(answered[original]), original in dead, rejected.get(original), found
            )
            verdicts[original], detail = _judge(fleet.kind(original), case)
            if verdicts[original] not in GOOD:
                kind, device = fleet.kind(original).label, fleet.device(original)
                faults.append(Fault(verdicts[original], original, kind, device, detail))
        counts[fleet.kind(number), verdicts[original]] += 1
    return Balance(dict(counts), tuple(faults), waiting)


@dataclass(frozen=True, slots=True)
class _Case:
    """The facts about one reading, from any of its duplicates."""

    number: int
    answer: Answer
    is_dead: bool
    put_aside: str | None  # the reason, if the bucket has it among its rejected ones
    found: Found

    @property
    def is_rejected(self) -> bool:
        return bool(self.answer & (Answer.REJECTED | Answer.UNEXPLAINED)) or self.put_aside is not None

    @property
    def has_no_reason(self) -> bool:
        return bool(self.answer & Answer.UNEXPLAINED) or self.put_aside == ""

    def tables(self, low: int, high: int) -> list[str]:
        """The tables that have the reading between `low` and `high` times."""
        tables = self.found.tables.items()
        return [name for name, tally in tables if low <= tally.counts[self.number] <= high]


def _judge(kind: Kind, case: _Case) -> tuple[Verdict, str]:
    if kind in FAULTY:
        return _judge_faulty(case)
    if kind is not Kind.FUTURE:
        return _judge_sound(case)
    if case.is_rejected:
        return _judge_faulty(case)
    verdict, detail = _judge_sound(case)
    if verdict is not Verdict.STORED:
        return verdict, detail
    plain = [name for name, tally in case.found.tables.items() if case.number not in tally.flagged]
    return (Verdict.UNFLAGGED, _in(plain)) if plain else (Verdict.FLAGGED, "")


def _judge_sound(case: _Case) -> tuple[Verdict, str]:
    stored, missing, doubled = case.tables(1, 255), case.tables(0, 0), case.tables(2, 255)
    if case.is_rejected:
        return (Verdict.BOTH, _in(stored)) if stored else (Verdict.REFUSED, case.put_aside or "")
    if doubled:
        return Verdict.DOUBLED, _in(doubled)
    if missing:
        if case.is_dead and all(name in case.found.late for name in missing):
            return Verdict.DEAD, ""
        unanswered = case.answer == Answer.UNANSWERED
        return Verdict.UNANSWERED if unanswered else Verdict.LOST, f"not {_in(missing)}"
    for name, tally in case.found.tables.items():
        if case.number in tally.altered:
            return Verdict.ALTERED, f"in {name}: {tally.altered[case.number]}"
    return Verdict.STORED, ""


def _judge_faulty(case: _Case) -> tuple[Verdict, str]:
    if stored := case.tables(1, 255):
        return (Verdict.BOTH if case.is_rejected else Verdict.TAKEN), _in(stored)
    if case.has_no_reason:
        return Verdict.UNEXPLAINED, ""
    if case.is_rejected:
        return Verdict.REJECTED, ""
    if case.is_dead:
        return Verdict.DEAD, ""
    if case.answer & Answer.ACCEPTED:
        return Verdict.TAKEN, "accepted, but stored nowhere"
    if case.answer & Answer.PUT:
        return Verdict.LOST, "neither stored nor put aside"
    return Verdict.UNANSWERED, ""


def _by_original(fleet: Fleet, answers: bytes, found: Found) -> tuple[bytes, frozenset[int], dict[int, str]]:
    """The answers, dead letters and rejections of each original reading, from it and its duplicates."""
    answered = bytearray(len(answers))
    for number, answer in enumerate(answers):
        answered[fleet.original(number)] |= answer
    dead = frozenset(fleet.original(number) for number in found.dead)
    rejected = {fleet.original(number): reason for number, reason in found.rejected.items()}
    return bytes(answered), dead, rejected


def _in(tables: Sequence[str]) -> str:
    return f"in {' and '.join(tables)}"
