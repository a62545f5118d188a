"""A trace for people, as a waterfall, and for programs, as an object."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from textwrap import wrap
from typing import Any

from iotgen.operate.logs.times import rfc_3339
from iotgen.operate.trace.data import Outcome, Step, Trace
from iotgen.visible import visible

# Colours a text as a part: `title`, `dim`, or an outcome.
Paint = Callable[[str, str], str]

BARS = 16
# More than these are counted, so that a trace fits on a screen.
MOST_STEPS = 9
_OFFSET = 8


def unpainted(text: str, _part: str) -> str:
    """The text as it is."""
    return text


def lines(trace: Trace, width: int, paint: Paint = unpainted) -> Iterator[str]:
    """When and whose it was, the steps, what could not be seen, and the verdict."""
    times = [step.start for step in trace.steps if step.start is not None]
    of = f" of {' and '.join(map(visible, trace.devices))}" if trace.devices else ""
    since = f"  {rfc_3339(min(times))}" if times else ""
    yield paint(_cut(f"{visible(trace.id)}{of}{since}", width), "title")
    shown, hidden = _shown(trace.steps)
    who = max((len(visible(step.who)) for step in shown), default=0)
    ends = [step.end for step in trace.steps if step.end is not None]
    for step in shown:
        yield from _step(step, min(times, default=0), max(ends, default=0), (who, width), paint)
    if hidden:
        yield paint(f"and {hidden} more steps: `--format json` has all", "dim")
    for text in trace.unseen:
        for line in wrap(f"not seen: {visible(text)}", width, subsequent_indent="  "):
            yield paint(line, "dim")
    yield from wrap(visible(trace.verdict), width)


def as_object(trace: Trace) -> dict[str, Any]:
    """A trace as JSON writes it; times are in ISO 8601, and `ms` is a step's offset from the first."""
    times = [step.start for step in trace.steps if step.start is not None]
    return {**asdict(trace), "steps": [_object(step, min(times, default=0)) for step in trace.steps]}


def _object(step: Step, first: int) -> dict[str, Any]:
    times = {name: value and rfc_3339(value) for name, value in (("start", step.start), ("end", step.end))}
    offset = None if step.start is None else step.start - first
    return {**asdict(step), **times, "ms": offset, "duration_ms": _length(step)}


def _shown(steps: tuple[Step, ...]) -> tuple[tuple[Step, ...], int]:
    """The first and the last steps, and how many are left out."""
    if len(steps) <= MOST_STEPS:
        return steps, 0
    half = MOST_STEPS // 2
    return (*steps[:half], *steps[-half:]), len(steps) - 2 * half


def _step(step: Step, first: int, last: int, sizes: tuple[int, int], paint: Paint) -> Iterator[str]:
    who, width = sizes
    offset = "-" if step.start is None else f"{step.start - first:,}"
    bar = _bar(step, first, last)
    length = _length(step)
    lasted = f", {length:,} ms" if length else ""
    head = f"{offset:>{_OFFSET}}  {bar}  {visible(step.who):{who}}  "
    what = visible(step.what)
    text = _cut(f"{what}{lasted}", max(20, width - len(head)))
    yield f"{head}{paint(text, step.outcome)}"
    indent = " " * (_OFFSET + 2)
    for name, value in step.where.items():
        yield paint(_cut(f"{indent}{name} {visible(value)}", width), "dim")


def _bar(step: Step, first: int, last: int) -> str:
    """Where a step lies between the first and the last."""
    if step.start is None or step.end is None:
        return " " * BARS
    span = max(1, last - first)
    begin = min(BARS - 1, (step.start - first) * BARS // span)
    end = max(begin + 1, -(-(step.end - first) * BARS // span))
    return f"{' ' * begin}{_mark(step) * (end - begin)}"[:BARS].ljust(BARS)


def _mark(step: Step) -> str:
    return "." if step.outcome is Outcome.WAITED else "#" if _length(step) else "|"


def _length(step: Step) -> int | None:
    return None if step.start is None or step.end is None else step.end - step.start


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 3]}..."
