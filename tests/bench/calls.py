"""`scripts/bench calls`: what one invocation of each reference handler uses, by the readings in its event.

Writes iotgen/cost/measured.json, from which `iotgen cost` estimates. Counts come from the handlers' real
calls on moto, like those of `scripts/bench handlers`, and CPU time from `cpu`.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from moto import mock_aws
from readings import slots

from iotgen.cost.measured import between
from tests.bench import cpu, workload
from tests.bench.account import REGION
from tests.bench.deployment import ACCESS_LOG_BYTES, LOG_EVENT_BYTES, Deployment
from tests.bench.meter import Usage
from tests.bench.paths import BATCH, READINGS
from tests.bench.workload import Reading

FILE = Path(__file__).parent.parent.parent / "iotgen/cost/measured.json"
# Where the counts bend: items are written 25 at a time.
SIZES = (1, 2, 5, 10, 25, 26, 50, 51, 75, 76, 100)
# Events of a queue hold more: the messages of several requests.
LARGE = (200, 500, 1000, 2000, 5000, 10_000)
READING_BYTES = (152, 1024)  # of JSON, as `workload` makes them
_ORDINARY, _LARGE = READING_BYTES


@dataclass(frozen=True)
class Measured:
    """What so many invocations of a function used."""

    invocations: int
    usage: Usage


Measure = Callable[[Deployment, Sequence[Reading], int], Measured]


def requests(path: str, deployment: Deployment, readings: Sequence[Reading], size: int) -> Measured:
    """Post readings to an endpoint, and leave what it sends to a queue there."""
    for body in workload.batches(readings, size):
        deployment.call("POST", path, body)
    return Measured(-(-len(readings) // size), deployment.usage)


def messages(deployment: Deployment, readings: Sequence[Reading], size: int) -> Measured:
    """Have the processor take messages: of one reading each, or of BATCH where an event has more."""
    each = 1 if size <= deployment.batch_size else BATCH
    bodies = [cpu.message(body) for body in workload.batches(readings, each)]
    parts = list(cpu.in_parts(bodies, size // each))
    for part in parts:
        deployment.process(part)
    return Measured(len(parts), deployment.usage)


def pages(deployment: Deployment, readings: Sequence[Reading], size: int) -> Measured:
    """Query one device's readings, `size` in a page."""
    one_device = workload.of_one_device(len(readings))
    for body in workload.batches(one_device, BATCH):
        deployment.call("POST", "/process", body)
    deployment.reset()
    parameters = {"device_id": one_device[0]["device_id"], "limit": str(size)}
    after: str | None = ""
    while after is not None:
        page = deployment.call("GET", "/query", **parameters, **({"next": after} if after else {}))
        after = page["next"]
    return Measured(deployment.usage.invocations, deployment.usage)


def objects(deployment: Deployment, readings: Sequence[Reading], size: int) -> Measured:
    """Put objects of `size` readings into the bucket."""
    bodies = list(workload.batches(readings, size))
    for number, body in enumerate(bodies):
        deployment.put_object(f"readings/{number:05d}.json", body.encode())
    return Measured(len(bodies), deployment.usage)


# By the folder of the handler's code and the word for what calls it.
HANDLERS: Mapping[tuple[str, str], tuple[Measure, tuple[int, ...]]] = {
    ("data_ingestion", "endpoint"): (partial(requests, "/ingest"), SIZES),
    ("data_processor", "endpoint"): (partial(requests, "/process"), SIZES),
    ("data_processor", "queue"): (messages, (*SIZES, *LARGE)),
    ("data_query", "endpoint"): (pages, SIZES),
    ("event_processor", "bucket"): (objects, SIZES),
}
# What the handlers use, as it is granted in the spec: section, key and verb.
_TABLES = ("raw-sensor-data", "processed-data", "sensor-events")
_QUEUE, _TOPIC, _BUCKET = "iot-ingestion", "device-alerts", "sensor-readings"


def main() -> int:
    """Measure and write the file."""
    found = measured()
    FILE.write_text(f"{json.dumps(found, indent=1)}\n", encoding="utf-8")
    print(f"wrote {FILE.name}", file=sys.stderr)
    return 0


def measured(with_cpu: bool = True) -> dict[str, Any]:
    """All that the file holds."""
    with mock_aws():
        handlers = {
            f"{name}/{word}": _profile(name.replace("_", "-"), measure, sizes)
            for (name, word), (measure, sizes) in HANDLERS.items()
        }
    seconds = cpu.by_function() if with_cpu else {}
    for name, profile in handlers.items():
        profile["cpu_microseconds"] = seconds.get(name, [0, 0])
    return {"about": _about(), "readings": _readings(), "limits": [_limit()], "handlers": handlers}


def _about() -> dict[str, Any]:
    return {
        "how": "scripts/bench calls: the reference handlers on moto, counted call by call",
        "region": REGION,
        "workload": " ".join(workload.ABOUT.split()),
        "cpu": "microseconds of an invocation with 1 and with 100 readings, on the machine that measured",
    }


def _limit() -> dict[str, Any]:
    """The most notifications of all containers together."""
    return {"section": "topics", "verb": "publish", "per_minute": slots.PER_MINUTE}


def _readings() -> dict[str, Any]:
    """The bytes of items and messages for a reading, by the bytes of its JSON."""
    with mock_aws():
        used = {}
        for size, make in zip(READING_BYTES, (workload.ordinary, workload.large), strict=True):
            deployment = Deployment()
            readings = make(BATCH)
            requests("/ingest", deployment, readings, BATCH)
            deployment.deliver()
            objects(deployment, readings, BATCH)
            used[size] = deployment.usage
    rows = {
        table: [round(used[size].row_bytes[table] / BATCH) for size in READING_BYTES] for table in _TABLES
    }
    sent = [round(used[size].message_bytes / BATCH) for size in READING_BYTES]
    return {"json_bytes": list(READING_BYTES), "row_bytes": rows, "message_bytes": sent}


def _profile(function: str, measure: Measure, sizes: Sequence[int]) -> dict[str, Any]:
    """What an invocation uses, as a list of numbers for each measure, one for each size."""
    found = [_measured(measure, size) for size in sizes]
    each = [dict(numbers(one.usage, one.invocations)) for one, _ in found]
    metrics = sorted({name for _, deployment in found for name in deployment.metrics(function)})
    ends = [_measured(measure, size, "WARNING")[0] for size in (sizes[0], sizes[-1])]
    quiet = [_own_log(one.usage) / one.invocations for one in ends]
    names = sorted({name for numbers in each for name in numbers})
    uses = [
        {"section": section, "key": key, "verb": verb, "measure": measure_}
        | {"amounts": [_short(numbers.get((section, key, verb, measure_), 0)) for numbers in each]}
        for section, key, verb, measure_ in names
        if section
    ]
    own = {
        name: [_short(numbers[("", "", "", name)]) for numbers in each]
        for name in ("aws_calls", "log_bytes", "response_bytes")
    }
    return {
        "sizes": list(sizes),
        **own,
        "quiet_log_bytes": [_short(between((sizes[0], sizes[-1]), quiet, size)) for size in sizes],
        "metrics": metrics,
        "uses": uses,
    }


def _measured(measure: Measure, size: int, level: str = "INFO") -> tuple[Measured, Deployment]:
    """Events of so many readings, with what is logged of a level or above."""
    number = max(size, -(-READINGS // size) * size)
    print(f"==> {size} readings in an event", file=sys.stderr)
    deployment = Deployment(level)
    return measure(deployment, workload.mixed(number), size), deployment


def numbers(usage: Usage, invocations: int) -> Iterator[tuple[tuple[str, str, str, str], float]]:
    """What each invocation used, by section, key, verb and measure; of its own, by the measure alone."""
    for table in _TABLES:
        yield from _of_table(usage, invocations, table)
    uses = [
        ("queues", _QUEUE, "send", "calls", usage.messages),
        ("topics", _TOPIC, "publish", "calls", usage.notifications),
        ("buckets", _BUCKET, "read", "calls", usage.s3_gets),
    ]
    for section, key, verb, name, amount in uses:
        if amount:
            yield (section, key, verb, name), amount / invocations
    calls = usage.function_calls - usage.parameter_calls.total()
    yield ("", "", "", "aws_calls"), calls / invocations
    yield ("", "", "", "log_bytes"), _own_log(usage) / invocations
    yield ("", "", "", "response_bytes"), usage.response_bytes / invocations


def _own_log(usage: Usage) -> int:
    """The bytes that the function logged, without the API's access log."""
    return usage.log_bytes - usage.api_requests * (ACCESS_LOG_BYTES + LOG_EVENT_BYTES)


def _of_table(
    usage: Usage, invocations: int, table: str
) -> Iterator[tuple[tuple[str, str, str, str], float]]:
    counts = [
        ("batch_write", "rows", usage.rows),
        ("put", "calls", usage.puts),
        ("query", "calls", usage.queries),
        ("query", "rows", usage.read_rows),
    ]
    for verb, name, counter in counts:
        if counter[table]:
            yield ("tables", table, verb, name), counter[table] / invocations


def _short(number: float) -> float:
    return round(number, 4)


if __name__ == "__main__":
    sys.exit(main())
