"""What the handlers may cost."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.bench.cold_start import ColdStart
from tests.bench.cpu import Case, Measured
from tests.bench.meter import Usage
from tests.bench.paths import BATCH, READINGS
from tests.bench.prices import Bill

_WRITES = 1.10  # WRU to a table for a reading of up to 1 KB
_SQS_REQUESTS = 15
_INVOCATIONS = 11
_PARAMETER_CALLS = 1  # of each function
_DOLLARS = 1.60  # for a million readings
_SERIALIZATIONS = 3.0
_IMPORTS = 1.25  # CPU time, in that of boto3


@dataclass(frozen=True)
class Limit:
    """A number that must not be above another."""

    name: str
    value: float
    at_most: float

    @property
    def holds(self) -> bool:
        """Whether it is not."""
        return self.value <= self.at_most


def of_usage(used: Mapping[Case, Usage], large: Usage) -> Iterator[Limit]:
    """Hold what READINGS readings used; `large` are those of 1 KB, along `/ingest` in batches."""
    for (path, size), usage in used.items():
        yield from _writes(f"{path}, {size} at a time", usage)
    yield from _writes("readings of 1 KB", large)
    batched = used["/ingest", BATCH]
    yield Limit("SQS requests", batched.sqs_requests, _SQS_REQUESTS)
    yield Limit("invocations", batched.invocations, _INVOCATIONS)
    for function, calls in batched.parameter_calls.items():
        yield Limit(f"parameter calls of {function}", calls, _PARAMETER_CALLS)


def _writes(what: str, usage: Usage) -> Iterator[Limit]:
    for table, units in usage.writes.items():
        yield Limit(f"WRU a reading to {table}: {what}", units / READINGS, _WRITES)


def of_bills(bills: Mapping[Case, Bill]) -> Iterator[Limit]:
    """Hold the bills for a million readings in batches."""
    for (path, size), bill in bills.items():
        if size == BATCH:
            yield Limit(f"USD for a million readings: {path}, {size} at a time", bill.total, _DOLLARS)


def of_cpu(measured: Measured) -> Iterator[Limit]:
    """Hold the CPU time of readings in batches against boto3's own serialization of two writes."""
    for (path, size), total in measured.total.items():
        if size == BATCH:
            own = measured.ours[path, size]
            yield Limit(
                f"CPU: {path}, both / (types + requests)", total / measured.serialization, _SERIALIZATIONS
            )
            yield Limit(f"CPU: {path}, own / types", own / measured.types, _SERIALIZATIONS)


def of_imports(cold: Mapping[str, ColdStart]) -> Iterator[Limit]:
    """Hold the imports of each handler."""
    for name, start in cold.items():
        yield Limit(f"imports of {name} / boto3's", start.seconds / start.bare, _IMPORTS)
        yield Limit(f"imports of {name}, packages without use", len(start.unused), 0)
