"""What came of a load, as people read it and as data."""

from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.prove.load.assumed import Assumed
from iotgen.prove.load.capacity import Answer, Backlog
from iotgen.prove.load.timing import Timing

_ASSUMED = {
    "start": "a cold start",
    "poll": "a poller's receive",
    "notify": "S3's event, or a rule's message",
    "invocation": "CPU of an invocation",
    "reading": "CPU of a reading",
}


def lines(answer: Answer, timings: Mapping[str, Timing], given: Assumed, spec: str) -> Iterator[str]:
    """What came of a load, as text."""
    demand = answer.demand
    load = f"{demand.devices:,} devices with a reading every {_time(demand.every)}"
    if demand.batch > 1:
        load += f", {demand.batch:,} in a request"
    verb = "carries" if answer.carried else "does not carry"
    yield f"{spec} {verb} {load}: {demand.devices / demand.every:,.1f} readings/s at {answer.entry}"
    for reason in answer.reasons:
        yield f"  {reason}"
    yield from _facts(answer)
    yield from _assumptions(timings, given)


def _facts(answer: Answer) -> Iterator[str]:
    for one in answer.fresh:
        tables = ", ".join(one.tables)
        times = f"{_time(one.p50)} (p50), {_time(one.p99)} (p99), at most {_time(one.most)}"
        yield f"  fresh: in {tables} after {times}"
    for queue in answer.waiting:
        yield f"  queue {queue.queue}: at most {queue.longest:,} messages, the oldest {_time(queue.oldest)}"
    for what, often in answer.throttled:
        yield f"  throttled {often:,} times: {what}"
    if answer.more:
        yield f"  most: more than {answer.most:,} devices"
    else:
        rate = answer.most / answer.demand.every
        yield f"  most: about {answer.most:,} devices, {rate:,.0f} readings/s; then {answer.first}"
    for backlog in answer.backlogs:
        yield f"  an hour without {backlog.function}: {_backlog(backlog)}"


def _backlog(backlog: Backlog) -> str:
    if backlog.lost:
        return f"{backlog.lost:,.0f} readings are refused or fail; devices must send them again"
    drained = "never drains" if backlog.drain is None else f"drains in {_time(backlog.drain)}"
    dead = f"; {backlog.dead:,.0f} of them are dead letters to redrive" if backlog.dead else ""
    return f"the backlog of {backlog.messages:,.0f} messages {drained}{dead}"


def _assumptions(timings: Mapping[str, Timing], given: Assumed) -> Iterator[str]:
    yield "  measured in the simulator:"
    for function, timing in timings.items():
        calls = ", ".join(f"{number:.1f} {service}" for service, number in timing.calls.items())
        size = timing.sizes[-1]
        mean = sum(timing.waits[-1]) / len(timing.waits[-1])
        cpu = timing.cpu + timing.cpu_each * size
        times = f"{_time(mean)} of waiting and {_time(cpu)} of CPU"
        yield f"    {function}: {times} for {size} at once; calls: {calls}"
    yield "  assumed, in ms (p50, p99); change one with --assume:"
    for name, spread in given.items():
        what = _ASSUMED.get(name, "a call")
        yield f"    {name:<12}{spread.p50:>8g}{spread.p99:>8g}  {what}"


def _time(seconds: float) -> str:
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 120:
        return f"{seconds:.1f} s".replace(".0 s", " s")
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def as_data(answer: Answer, timings: Mapping[str, Timing], given: Assumed) -> dict[str, Any]:
    """What came of a load, as data; times are in seconds, those assumed in milliseconds."""
    demand = answer.demand
    return {
        "carried": answer.carried,
        "reasons": list(answer.reasons),
        "devices": demand.devices,
        "every": demand.every,
        "batch": demand.batch,
        "to": answer.entry,
        "readings_per_second": demand.devices / demand.every,
        "simulated_seconds": answer.seconds,
        "freshness": [
            {
                "function": one.function,
                "tables": list(one.tables),
                "p50": one.p50,
                "p99": one.p99,
                "max": one.most,
            }
            for one in answer.fresh
        ],
        "queues": [
            {"queue": one.queue, "longest": one.longest, "oldest": one.oldest, "growing": one.growing}
            for one in answer.waiting
        ],
        "throttled": dict(answer.throttled),
        "most_devices": answer.most,
        "even_more": answer.more,
        "first": answer.first,
        "outages": [
            {
                "function": one.function,
                "messages": one.messages,
                "dead_letters": one.dead,
                "sent_again": one.lost,
                "drain": one.drain,
            }
            for one in answer.backlogs
        ],
        "measured": {
            key: {"calls": dict(one.calls), "sizes": list(one.sizes)} for key, one in timings.items()
        },
        "assumed": {name: {"p50": one.p50, "p99": one.p99} for name, one in given.items()},
    }
