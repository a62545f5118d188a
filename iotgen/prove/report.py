"""What came of histories, as people read it and as data."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from iotgen.prove.campaign import Tally
from iotgen.prove.history import History, Line
from iotgen.prove.kernel import MINUTE, SECOND
from iotgen.prove.laws import Place

_MOST_FILES = 8
_MOST_LINES = 60
_FAULTS = {
    "throttle": "calls throttled",
    "error": "calls failed on AWS's side",
    "unreachable": "calls without a connection",
    "lost": "answers lost after the effect",
    "slow": "slow calls",
    "hot": "items of hot partitions",
    "unprocessed": "items and messages not taken",
    "stale": "old reads",
    "killed": "invocations killed",
    "timeout": "invocations timed out",
    "out_of_memory": "invocations out of memory",
    "failed_start": "containers not started",
    "recycled": "containers replaced",
    "repeated": "messages and events delivered again",
    "reordered": "messages and events out of order",
    "client_twice": "requests sent twice",
    "client_lost": "answers lost to the client",
    "client_gone": "clients that gave up",
    "gateway_throttle": "requests throttled",
    "given_up": "batches of a stream given up",
    "rule_failed": "messages that a rule could not hand on",
    "outage": "calls of a service that was out",
    "denied": "calls without permission",
    "config_bad": "unusable configurations",
    "poison": "messages nobody can read",
}


def lines(tally: Tally, shortest: History | None, spec: str, places: Mapping[str, Place]) -> Iterator[str]:
    """What came of a campaign, as text."""
    if shortest is None:
        yield f"{tally.histories:,} histories of {spec} hold"
    else:
        yield f"{tally.failed:,} of {tally.histories:,} histories of {spec} break a law"
    yield (
        f"  {tally.requests:,} requests with {tally.readings:,} readings, {tally.calls:,} calls of AWS, "
        f"at most {tally.most_calls:,} in one invocation"
    )
    yield "  what becomes of a reading in calm, and must in each history:"
    for source, place in places.items():
        yield f"    {source}: {_becomes(place)}"
    yield "  faults:"
    for name, count in sorted(tally.met.items(), key=lambda one: -one[1]):
        yield f"  {count:>12,}  {_FAULTS.get(name, name)}"
    yield from _coverage(tally)
    if shortest is not None:
        yield ""
        for broken in tally.broken[:5]:
            yield f"seed {broken.seed}: {broken.laws[0]}"
        yield ""
        yield f"the shortest history found that breaks the law of seed {tally.broken[0].seed}:"
        yield from story(shortest)
        yield f"all of it: iotgen prove {spec} --seed {tally.broken[0].seed}"


def _becomes(place: Place) -> str:
    if not place.tables:
        return "no table has it, so the laws of messages and dead letters are all that was tried"
    told = ", and people are told of one beyond its threshold" if place.told else ""
    return f"a row in {' and '.join(place.tables)}{told}"


def _coverage(tally: Tally) -> Iterator[str]:
    if not tally.lines:
        return
    missed = tally.lines - tally.ran
    share = 100 * len(tally.ran) // len(tally.lines)
    yield f"  {share} % of {len(tally.lines):,} lines of the handlers' functions ran"
    files: dict[str, list[int]] = defaultdict(list)
    for file, number in sorted(missed):
        files[file].append(number)
    fewest = sorted(files.items(), key=lambda one: -len(one[1]))
    for file, numbers in fewest[:_MOST_FILES]:
        yield f"  {len(numbers):>12,}  not in {file}"
    if len(fewest) > _MOST_FILES:
        rest = sum(len(numbers) for _, numbers in fewest[_MOST_FILES:])
        yield f"  {rest:>12,}  not in {len(fewest) - _MOST_FILES} other files"


def story(history: History) -> Iterator[str]:
    """A history in the order of time; what is done again and again is one line."""
    shown = [_line(list(same)) for _, same in groupby(history.lines, key=lambda one: (one.who, one.what))]
    left_out = len(shown) - _MOST_LINES if history.broken else 0
    for number, line in enumerate(shown):
        if left_out <= 0 or not _MOST_LINES // 2 <= number < _MOST_LINES // 2 + left_out:
            yield line
        elif number == _MOST_LINES // 2:
            yield f"  ... {left_out:,} more ..."
    for law in history.broken:
        yield f"broken: {law}"
    if not history.broken:
        yield "all laws hold"


def _line(same: list[Line]) -> str:
    often = f" ({len(same):,} times)" if len(same) > 1 else ""
    return f"  {_clock(same[0].at)}  {same[0].who}: {same[0].what}{often}"


def _clock(at: int) -> str:
    minutes, rest = divmod(at, MINUTE)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest / SECOND:06.3f}"


def as_data(tally: Tally, shortest: History | None, places: Mapping[str, Place]) -> dict[str, Any]:
    """What came of a campaign, as data; `missed` are the lines of each file that did not run."""
    missed: dict[str, list[int]] = defaultdict(list)
    for file, number in sorted(tally.lines - tally.ran):
        missed[file].append(number)
    return {
        "histories": tally.histories,
        "failed": tally.failed,
        "requests": tally.requests,
        "readings": tally.readings,
        "becomes": {source: {"tables": [*one.tables], "told": one.told} for source, one in places.items()},
        "calls": tally.calls,
        "most_calls": tally.most_calls,
        "faults": dict(sorted(tally.met.items())),
        "lines": len(tally.lines),
        "ran": len(tally.ran),
        "missed": dict(missed),
        "broken": [{"seed": one.seed, "laws": list(one.laws)} for one in tally.broken],
        "shortest": history_data(shortest) if shortest else None,
    }


def history_data(history: History) -> dict[str, Any]:
    """A history as data; times are in seconds."""
    return {
        "seed": history.seed,
        "broken": list(history.broken),
        "faults": dict(history.met),
        "choices": list(history.choices),
        "story": [{"at": one.at / SECOND, "who": one.who, "what": one.what} for one in history.lines],
    }
