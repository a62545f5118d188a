"""Metrics of requests, which S3 counts for CloudWatch: of a whole bucket, or of what is below a prefix.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-configurations.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.model.context import label
from iotgen.model.cost import Charge
from iotgen.model.expression import Label

# Of the metrics of requests, those that a bucket has which is written and read: all requests, GET, PUT, two
# kinds of errors, two of bytes and two of latency.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html
_BILLED = 9


@dataclass(frozen=True)
class RequestMetrics:
    """A filter of a bucket's requests: all of them, where `prefix` is None."""

    id: str
    label: Label
    prefix: str | None


def request_metrics(key: str, settings: Mapping[str, Any]) -> tuple[RequestMetrics, ...]:
    """The filters of a bucket."""
    return tuple(
        RequestMetrics(id=one, label=Label(f"{label(key)}__{one}"), prefix=written.get("prefix"))
        for one, written in settings.get("request_metrics", {}).items()
    )


def metrics_charge(key: str, metrics: tuple[RequestMetrics, ...]) -> Iterator[Charge]:
    """What the metrics cost, as those that users put do."""
    if metrics:
        yield Charge("cloudwatch.metrics", len(metrics) * _BILLED, f"bucket {key}")
