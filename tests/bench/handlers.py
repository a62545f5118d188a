"""`scripts/bench handlers`: what the reference pipelines' handlers use, cost and compute for 1,000 readings.

Usage is counted from the calls that the handlers make on moto; how CPU is measured is told in `cpu`, how
imports in `cold_start`, and what dollars are made of in `prices`. Exit code 1 when a limit is broken.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

from moto import mock_aws

from tests.bench import cold_start, cpu, limits, prices, workload
from tests.bench.account import read_specs
from tests.bench.cpu import Case, Measured
from tests.bench.deployment import ACCESS_LOG_BYTES
from tests.bench.meter import Usage
from tests.bench.paths import BATCH, PATHS, READINGS, count, readings_of
from tests.bench.prices import Bill
from tests.bench.tables import Row, limit_lines, lines

_CASES = [(path, size) for path in PATHS for size in (1, BATCH)]
_NOTES = f"""\
Readings: {workload.ABOUT}.
WRU, RRU: DynamoDB's request units, by its rules for the size of an item; conditional writes cost either way.
SQS requests, of 64 KB each: ingestion's sends, the poller's receives and its deletes, of ten messages each.
  One message at a time makes up to 30 of the 15; polls that find none are paid by time, not by readings.
SNS: published, and mailed to one address. S3: the device's PUT and the function's GET.
Parameter calls: each function's container reads its configuration once a minute; here both are new.
Logs: the lines measured, {ACCESS_LOG_BYTES} bytes for each of the API's access log, and what CloudWatch adds.
Traces: {prices.TRACED:.0%} of invocations, by X-Ray's default rule; below one a second it traces all.
Functions: assumed are {prices.CALL_SECONDS} s for each AWS call and {prices.SLOWER} times the CPU above,
  stretched by the share of a vCPU that production's memory buys.
Not in it: storage, backups, alarms, traffic to callers, retries, cold starts, polls of an empty queue."""


def main() -> int:
    """Measure, print, and give the exit code."""
    used, large = _count()
    _say("Measuring CPU on each path")
    measured = cpu.measure()
    _say("Measuring imports")
    cold = cold_start.measure()
    bills = {case: _bill(case, used[case], measured) for case in _CASES}
    held = [
        *limits.of_usage(used, large),
        *limits.of_bills(bills),
        *limits.of_cpu(measured),
        *limits.of_imports(cold),
    ]
    for part in (_usage(used, large), _bills(bills), _cpu(measured), limit_lines(held), [_NOTES]):
        print("\n".join(part), end="\n\n")
    return 0 if all(limit.holds for limit in held) else 1


def _count() -> tuple[dict[Case, Usage], Usage]:
    used = {}
    with mock_aws():
        for path, size in _CASES:
            _say(f"Counting {path}, {size} at a time")
            used[path, size] = count(path, readings_of(path), size)
        return used, count("/ingest", workload.large(READINGS), BATCH)


def _bill(case: Case, usage: Usage, measured: Measured) -> Bill:
    pipeline, s3_events = read_specs()
    memory = s3_events.memory("event-processor") if case[0] == "S3" else pipeline.memory("data-processor")
    return prices.bill(usage, READINGS, measured.total[case] * READINGS / 1e6, memory)


_COUNTS: dict[str, Callable[[Usage], float]] = {
    "API requests": lambda usage: usage.api_requests,
    "invocations": lambda usage: usage.invocations,
    "AWS calls that functions wait for": lambda usage: usage.function_calls,
    "WRU raw-sensor-data": lambda usage: usage.writes["raw-sensor-data"],
    "WRU processed-data": lambda usage: usage.writes["processed-data"],
    "WRU sensor-events": lambda usage: usage.writes["sensor-events"],
    "RRU processed-data": lambda usage: usage.reads["processed-data"] / 2,
    "SQS requests": lambda usage: usage.sqs_requests,
    "SNS notifications": lambda usage: usage.notifications,
    "parameter calls": lambda usage: usage.parameter_calls.total(),
    "S3 PUT": lambda usage: usage.s3_puts,
    "S3 GET": lambda usage: usage.s3_gets,
    "log KB": lambda usage: usage.log_bytes / 1e3,
}


def _usage(used: Mapping[Case, Usage], large: Usage) -> Iterator[str]:
    yield f"Used by {READINGS:,} readings"
    rows: list[Row] = [
        (name, [f"{value(used[case]):,.0f}" for case in _CASES]) for name, value in _COUNTS.items()
    ]
    yield from _by_case(rows)
    yield f"Readings of 1 KB, along /ingest and {BATCH} at a time: {large.sqs_requests} SQS requests"


def _bills(bills: Mapping[Case, Bill]) -> Iterator[str]:
    yield "USD for a million readings"
    names = vars(bills[_CASES[0]])
    rows = [(name, [f"{vars(bills[case])[name]:.3f}" for case in _CASES]) for name in names]
    yield from _by_case([*rows, ("all", [f"{bills[case].total:.2f}" for case in _CASES])])
    yield f"The earlier attempt, one reading a call: {prices.EARLIER:.2f}"


def _cpu(measured: Measured) -> Iterator[str]:
    total, ours = measured.total, measured.ours
    yield "CPU, microseconds for a reading (see tests/bench/cpu.py)"
    yield from _by_case(
        [
            ("the handlers' own code", [f"{ours[case]:.1f}" for case in _CASES]),
            ("botocore", [f"{total[case] - ours[case]:.1f}" for case in _CASES]),
            ("both", [f"{total[case]:.1f}" for case in _CASES]),
            ("both / (types + requests)", [f"{total[case] / measured.serialization:.2f}" for case in _CASES]),
            ("own / types", [f"{ours[case] / measured.types:.2f}" for case in _CASES]),
            ("both / types", [f"{total[case] / measured.types:.2f}" for case in _CASES]),
        ]
    )
    types, requests = measured.types, measured.requests
    yield f"boto3's own serialization of the two writes: types {types:.1f}, requests {requests:.1f}"
    slowest = max(PATHS, key=lambda path: total[path, BATCH])
    yield f"The slowest path, {BATCH} at a time: {slowest}"


def _by_case(rows: Sequence[Row]) -> Iterator[str]:
    paths = ("", [path for path, _ in _CASES])
    sizes = ("at a time", [str(size) for _, size in _CASES])
    yield from lines([paths, sizes, *rows])


def _say(text: str) -> None:
    print(f"==> {text}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
