"""The report of a run, as text for people and as JSON for programs."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from math import ceil
from typing import Any

from iotgen.simulate.account import GOOD, Balance, Fault
from iotgen.simulate.fleet import Kind
from iotgen.simulate.ledger import Answer
from iotgen.simulate.send import Outcome

_COLUMNS = (
    ("accepted", Answer.ACCEPTED | Answer.PUT),
    ("rejected", Answer.REJECTED | Answer.UNEXPLAINED),
    ("unanswered", Answer.UNANSWERED),
)
_PERCENTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}
_MOST_REASONS, _MOST_FAULTS = 20, 50


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all do not exceed; 0 if there are none."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else 0.0


def as_json(outcome: Outcome, balance: Balance | None) -> str:
    """The report as a JSON object, with all faults."""
    return json.dumps(_facts(outcome, balance), indent=2, ensure_ascii=False) + "\n"


def text(outcome: Outcome, balance: Balance | None) -> str:
    """The report as lines of text, with the first faults."""
    facts = _facts(outcome, balance)
    lines = [*_head(facts), *_table(facts["sent"]), *_requests(facts), *_reasons(facts["reasons"])]
    if balance:
        lines += _balance(balance)
    return "".join(f"{line}\n" for line in lines)


def _facts(outcome: Outcome, balance: Balance | None) -> dict[str, Any]:
    record, options, seconds = outcome.record, outcome.fleet.options, max(outcome.seconds, 1e-9)
    sent, ordered = _sent(outcome), sorted(record.latencies)
    total = sum(row["sent"] for row in sent.values())
    facts: dict[str, Any] = {
        "run": outcome.fleet.run,
        "to": outcome.destination,
        "options": asdict(options),
        "interrupted": outcome.interrupted,
        "seconds": round(outcome.seconds, 3),
        "readings": total,
        "readings_per_second": round(total / seconds, 1),
        "sent": sent,
        "requests": {
            "count": sum(record.statuses.values()),
            "per_second": round(sum(record.statuses.values()) / seconds, 1),
            "statuses": dict(sorted(record.statuses.items())),
            "put_off": record.waited,
            "repeated": record.repeated,
        },
        "latency_ms": {name: round(percentile(ordered, at) * 1000, 1) for name, at in _PERCENTILES.items()},
        "reasons": dict(sorted(record.reasons.items(), key=lambda reason: (-reason[1], reason[0]))),
        "contradictions": list(record.contradictions),
    }
    if balance:
        facts["verified"] = {
            "sound": balance.sound,
            "waiting": balance.waiting,
            "verdicts": {str(verdict): count for verdict, count in balance.totals.items()},
            "faults": [{**asdict(fault), "verdict": str(fault.verdict)} for fault in balance.faults],
        }
    return facts


def _sent(outcome: Outcome) -> dict[str, dict[str, int]]:
    """The number of sent readings of each kind, and of each answer."""
    counts: Counter[tuple[int, int]] = Counter(zip(outcome.fleet.kinds, outcome.record.answers, strict=True))
    table: dict[str, dict[str, int]] = {}
    for kind in Kind:
        of_kind = {answer: count for (number, answer), count in counts.items() if number == kind and answer}
        if of_kind:
            row = {"sent": sum(of_kind.values())}
            for name, answers in _COLUMNS:
                row[name] = sum(count for answer, count in of_kind.items() if answer & answers)
            table[kind.label] = row
    return table


def _head(facts: dict[str, Any]) -> list[str]:
    options = facts["options"]
    ended = ", interrupted" if facts["interrupted"] else ""
    again = f"--seed {options['seed']} --start {options['start']}"
    return [
        f"run {facts['run']} ({again}) to the {facts['to']}{ended}",
        f"{facts['readings']} readings of {options['devices']} devices in {facts['seconds']:.1f} s: "
        f"{facts['readings_per_second']:.0f} readings/s",
    ]


def _table(sent: dict[str, dict[str, int]]) -> list[str]:
    names = ["sent", *(name for name, _ in _COLUMNS)]
    lines = [f"{'':14}" + "".join(f"{name:>12}" for name in names)]
    for kind, row in sent.items():
        lines.append(f"{kind:14}" + "".join(f"{row[name]:12}" for name in names))
    totals = [sum(row[name] for row in sent.values()) for name in names]
    return [*lines, f"{'all':14}" + "".join(f"{total:12}" for total in totals)]


def _requests(facts: dict[str, Any]) -> list[str]:
    requests, latency = facts["requests"], facts["latency_ms"]
    statuses = ", ".join(f"{count} x {status}" for status, count in requests["statuses"].items())
    parts = [f"{requests['count']} requests, {requests['per_second']:.0f}/s: {statuses or 'none'}"]
    if requests["repeated"]:
        parts.append(f"{requests['repeated']} responses treated as lost, and their requests sent again")
    parts.append("latency ms: " + ", ".join(f"{name} {value:.0f}" for name, value in latency.items()))
    return parts + [f"contradiction: {contradiction}" for contradiction in facts["contradictions"]]


def _reasons(reasons: dict[str, int]) -> list[str]:
    lines = [f"rejected {count:6}  {reason}" for reason, count in list(reasons.items())[:_MOST_REASONS]]
    more = len(reasons) - _MOST_REASONS
    return [*lines, f"and {more} more reasons"] if more > 0 else lines


def _balance(balance: Balance) -> list[str]:
    good = [f"{count} {verdict}" for verdict, count in balance.totals.items() if verdict in GOOD]
    lines = [f"verified: {', '.join(good) or 'nothing'}"]
    if balance.waiting:
        lines.append(f"the queue still held {balance.waiting} messages")
    lines += [_fault(fault) for fault in balance.faults[:_MOST_FAULTS]]
    more = len(balance.faults) - _MOST_FAULTS
    if more > 0:
        lines.append(f"fault: and {more} more; `--format json` lists all")
    return [*lines, "every reading is accounted for" if balance.sound else f"{len(balance.faults)} faults"]


def _fault(fault: Fault) -> str:
    which = "" if fault.number is None else f"reading {fault.number} ({fault.kind}, {fault.device}) "
    return f"fault: {which}{fault.verdict}" + (f": {fault.detail}" if fault.detail else "")


def exit_code(outcome: Outcome, balance: Balance | None) -> int:
    """1 if there are faults or the run was interrupted; 3 if a reading was never answered."""
    if outcome.interrupted or (balance and not balance.sound):
        return 1
    return 3 if not balance and Answer.UNANSWERED in outcome.record.answers else 0
