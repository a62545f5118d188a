"""`iotgen cost` against the benchmark: an estimate is within 5 % of what the handlers' calls add up to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iotgen.build import check
from iotgen.cost import Load, bill, read_measured, read_prices
from tests.bench import calls, workload
from tests.bench.deployment import Deployment
from tests.bench.paths import count, readings_of
from tests.emptied import empty_aws

if TYPE_CHECKING:
    from iotgen.cost import Bill
    from tests.bench.meter import Usage

REPO = Path(__file__).parent.parent.parent
# So many readings a second that batches are as full as the spec allows, which is how the benchmark counts.
CROWD = 10**6
# So many a day that the trace of each second's first request, beside one in twenty, counts for nothing.
QUERIES = 1e9
# The limit of notifications in a minute is none of the benchmark's subjects.
MEASURED = replace(read_measured(), limits=())

pytestmark = pytest.mark.system


def estimated(path: str, size: int) -> Bill:
    spec = "s3-events" if path == "S3" else "pipeline"
    checked = check(REPO / f"specs/{spec}.yaml", "prod")
    assert checked.pipeline
    load = Load(devices=CROWD, every=1, batch=size, queries=0, to={"S3": "sensor-readings"}.get(path, path))
    if path == "/query":
        load = Load(devices=1, every=1e12, queries=QUERIES, page=size)
    return bill(checked.pipeline, load, MEASURED, read_prices())


def quantities(found: Bill, readings: float) -> dict[str, float]:
    """The quantities of each item for a reading, with what storage and the passing of time cost left out."""
    each: defaultdict[str, float] = defaultdict(float)
    for line in found.lines:
        if not line.kept and line.item not in ("cloudwatch.alarms", "cloudwatch.metrics", "transfer.out"):
            each[line.item] += line.quantity / readings
    return each


def counted(usage: Usage, readings: int) -> dict[str, float]:
    """What the benchmark counts, by the price list's names."""
    return {
        name: amount / readings
        for name, amount in {
            "api.requests": usage.api_requests,
            "lambda.requests": usage.invocations,
            "dynamodb.writes": usage.writes.total(),
            "dynamodb.reads": usage.reads.total() / 2,
            "sqs.requests": usage.sqs_requests,
            "sns.requests": usage.notifications,
            "sns.email": usage.notifications,
            "s3.puts": usage.s3_puts,
            "s3.gets": usage.s3_gets,
            "logs.ingested": usage.log_bytes / 1e9,
            "xray.traces": usage.invocations * 0.05,
        }.items()
        if amount
    }


MONTH = 30 * 86_400
CASES = [
    *(("/ingest", size) for size in (1, 7, 100)),
    *(("/process", size) for size in (1, 40, 100)),
    *(("/query", size) for size in (1, 30, 100)),
    *(("S3", size) for size in (1, 40, 100)),
]


@pytest.mark.parametrize(("path", "size"), CASES)
def test_an_estimate_is_within_a_twentieth_of_the_benchmark(path: str, size: int) -> None:
    whole = size * 100 if path == "/ingest" else 1000
    number = -(-max(1000, whole) // whole) * whole
    readings = readings_of(path) if path == "/query" else workload.mixed(number)
    with empty_aws():
        usage = count(path, readings, size)
    carried = QUERIES * 30 * size if path == "/query" else CROWD * MONTH
    found = quantities(estimated(path, size), carried)
    wanted = counted(usage, len(readings))
    seconds = found.pop("lambda.x86_64")
    assert seconds > 0
    assert {name: found[name] for name in wanted} == pytest.approx(wanted, rel=0.05)
    if path == "/query":
        found.pop("sqs.requests")  # Lambda polls the queue, where nothing arrives, all the time
    assert {name for name, amount in found.items() if amount > 1e-12} == wanted.keys()


def test_what_is_measured_is_what_the_handlers_do_today() -> None:
    """A few sizes of each handler, measured anew: run scripts/bench calls if their calls have changed."""
    with empty_aws():
        for (name, word), (measure, _) in calls.HANDLERS.items():
            profile = MEASURED.profiles[name, word]
            for size in (10, 100):
                done = measure(Deployment(), workload.mixed(1000), size)
                now = dict(calls.numbers(done.usage, done.invocations))
                then = profile.at(size)
                known = {(one.section, one.key, one.verb, "calls"): one.calls for one in then.called}
                known |= {(one.section, one.key, one.verb, "rows"): one.rows for one in then.called}
                known["", "", "", "aws_calls"] = then.aws_calls
                known["", "", "", "log_bytes"] = then.log_bytes
                known["", "", "", "response_bytes"] = then.response_bytes
                assert {of: known[of] for of in now} == pytest.approx(now, rel=0.05), (name, word, size)
