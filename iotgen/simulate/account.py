"""The balance: every reading that was sent, against what the tables, queues and bucket hold of it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from iotgen.simulate.fleet import FAULTY, Fleet, Kind
from iotgen.simulate.ledger import Answer
from iotgen.simulate.tally import Tally


class Verdict(StrEnum):
    """What became of a reading."""

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
    """Something that is not as it must be; `number` is the reading's, None where it is about no single one."""

    verdict: Verdict
    number: int | None
    kind: str
    device: str
    detail: str


@dataclass(frozen=True)
class Found:
    """What was read back.

    `tables` are those that readings are stored in, by name, `late` the ones among them that a reading in a
    dead-letter queue never reached. `dead` are the readings in dead-letter queues, `rejected` those put aside
    in the bucket, with the reason.
    """

    tables: Mapping[str, Tally]
    late: Collection[str] = ()
    dead: Collection[int] = ()
    rejected: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Balance:
    """The account: how many of each kind got which verdict, and all faults. `waiting` messages were not processed."""

    counts: Mapping[tuple[Kind, Verdict], int]
    faults: Sequence[Fault]
    waiting: int = 0

    @property
    def sound(self) -> bool:
        """Whether every reading is accounted for."""
        return not self.faults

    @property
    def may_mend(self) -> bool:
        """Whether time could still bring what is missing."""
        return any(fault.verdict in _PENDING for fault in self.faults)

    @property
    def totals(self) -> dict[Verdict, int]:
        """How many readings got which verdict, in the order of the verdicts."""
        totals: Counter[Verdict] = Counter()
        for (_, verdict), count in self.counts.items():
            totals[verdict] += count
        return {verdict: totals[verdict] for verdict in Verdict if totals[verdict]}


def account(
    fleet: Fleet, answers: bytes, found: Found, contradictions: Sequence[str] = (), waiting: int = 0
) -> Balance:
    """Balance what was answered with what was found; readings that were not sent don't count."""
    said, reasons = _said(fleet, answers, found)
    verdicts: dict[int, Verdict] = {}
    faults = [Fault(Verdict.CONTRADICTED, None, "", "", told) for told in contradictions]
    faults += [_stranger(name, told) for name, tally in found.tables.items() for told in tally.strangers]
    counts: Counter[tuple[Kind, Verdict]] = Counter()
    for number, answer in enumerate(answers):
        if not answer:
            continue
        original = fleet.original(number)
        verdict = verdicts.get(original)
        if verdict is None:
            judge = _faulty if fleet.kind(original) in FAULTY else _sound
            verdict, detail = judge(fleet, original, Answer(said[original]), found)
            if verdict not in GOOD:
                told = detail or reasons.get(original, "")
                faults.append(_fault(fleet, verdict, original, told))
            # Only what a duplicate may ask for again is kept.
            verdicts[original] = verdict
        counts[fleet.kind(number), verdict] += 1
    faults += _unsent(fleet, said, found)
    return Balance(dict(counts), tuple(faults), waiting)
