"""What usage costs at AWS's list prices, which `iotgen cost` has: us-east-1, USD, without the free tier."""

from dataclasses import dataclass

from iotgen.cost import read_prices
from iotgen.cost.traffic import BILLED_SECONDS, CALL_SECONDS, SLOWER, TRACED, VCPU_MIB
from tests.bench.meter import Usage

__all__ = ["CALL_SECONDS", "EARLIER", "SLOWER", "TRACED", "Bill", "bill"]

_PRICES = {name: item.tiers[0][1] for name, item in read_prices().items.items()}
_NOTIFICATION = _PRICES["sns.requests"] + _PRICES["sns.email"]

# What a million readings cost in the earlier attempt at this pipeline, by the same price list: one reading a
# call, 256 MB, 20 ms for ingestion and 100 ms for ten messages in the processor, one write to each table,
# 1 KB of log for each invocation, 5 % traced.
EARLIER = 6.34


@dataclass(frozen=True)
class Bill:
    """USD by service."""

    api: float
    functions: float
    dynamodb: float
    sqs: float
    sns: float
    s3: float
    logs: float
    traces: float

    @property
    def total(self) -> float:
        """The sum."""
        return float(sum(vars(self).values()))


def bill(usage: Usage, readings: int, cpu_seconds: float, memory: int) -> Bill:
    """Give what a million readings cost when `readings` of them used so much.

    `cpu_seconds` is the functions' for these readings, and `memory` theirs in MiB. They are billed for that
    time, stretched by the share of a vCPU that the memory buys, and for CALL_SECONDS of each AWS call.
    """
    million = 1e6 / readings
    seconds = cpu_seconds * SLOWER * VCPU_MIB / memory + usage.function_calls * CALL_SECONDS
    seconds += usage.invocations * BILLED_SECONDS
    return Bill(
        api=million * usage.api_requests * _PRICES["api.requests"],
        functions=million
        * (
            usage.invocations * _PRICES["lambda.requests"]
            + seconds * memory / 1024 * _PRICES["lambda.x86_64"]
        ),
        dynamodb=million
        * (
            usage.writes.total() * _PRICES["dynamodb.writes"]
            + usage.reads.total() / 2 * _PRICES["dynamodb.reads"]
        ),
        sqs=million * usage.sqs_requests * _PRICES["sqs.requests"],
        sns=million * usage.notifications * _NOTIFICATION,
        s3=million * (usage.s3_puts * _PRICES["s3.puts"] + usage.s3_gets * _PRICES["s3.gets"]),
        logs=million * usage.log_bytes * _PRICES["logs.ingested"] / 1e9,
        traces=million * usage.invocations * TRACED * _PRICES["xray.traces"],
    )
