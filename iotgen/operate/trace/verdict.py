"""What became of a reading, in one line."""

from collections.abc import Sequence

from iotgen.operate.trace.data import Outcome, Step


def verdict(steps: Sequence[Step], waiting: Sequence[str]) -> str:
    """Where a reading is; `waiting` describes where it may be on its way."""
    stored = _keys(steps, Outcome.STORED)
    rows = [step for step in steps if step.outcome is Outcome.STORED]
    dead = [step for step in steps if step.outcome is Outcome.DEAD]
    parts = [f"stored in {_listed(stored)}"] if stored else []
    if len(rows) > len(stored):
        parts[0] += f", in {len(rows)} rows"
    if dead:
        parts += [f"dead in {step.who}: {step.what.removeprefix('dead: ')}" for step in dead[:1]]
    elif waiting:
        parts += [f"waiting in {_listed(waiting)}"]
    return "; ".join(parts) or _elsewhere(steps)


def _elsewhere(steps: Sequence[Step]) -> str:
    """What to say of a reading that is nowhere."""
    for outcome, words in (
        (Outcome.REJECTED, "rejected by {}: nothing is stored"),
        (Outcome.FAILED, "failed in {}: nothing is stored"),
        (Outcome.PASSED, "handled by {}, and no row was found"),
    ):
        if keys := _keys(steps, outcome):
            return words.format(_listed(keys))
    return "never arrived: no log line, row or dead letter names it"


def _keys(steps: Sequence[Step], outcome: Outcome) -> list[str]:
    return list(dict.fromkeys(step.who for step in steps if step.outcome is outcome))


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
