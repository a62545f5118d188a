"""The numbers that CloudWatch has, in as few calls as it allows.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from iotgen.model.expression import Expression
from iotgen.model.pipeline import Named
from iotgen.model.status import Metric
from iotgen.operate.refusal import explaining
from iotgen.operate.status.watched import HOUR, Numbers, Watched

# Of one call. An hour in periods of five minutes is far from the other limit, 100,800 values.
MOST_QUERIES = 500
PERIOD = 300  # seconds


# A dimension's value as text.
Text = Callable[[str | Expression], str]


def from_cloudwatch(cloudwatch: Any, watched: Sequence[Watched], now: int, *, text: Text = str) -> Numbers:
    """The values of all metrics in the last hour, and in the five minutes in which that began.

    `text` fills in the account where a dimension has its id.
    """
    asked = [(one.named, metric) for one in watched for metric in one.metrics]
    numbers: dict[tuple[Named, str], float] = {}
    for start in range(0, len(asked), MOST_QUERIES):
        batch = asked[start : start + MOST_QUERIES]
        points = _points(
            cloudwatch, [_query(index, metric, text) for index, (_, metric) in enumerate(batch)], now
        )
        for index, (named, metric) in enumerate(batch):
            if index in points:
                numbers[named, metric.column] = combined(metric.statistic, points[index])
    return numbers


def combined(statistic: str, values: Sequence[float]) -> float:
    """One value of those of each period, the earliest first; see `Metric`."""
    if statistic == "Sum":
        return sum(values)
    return values[-1] if statistic == "Maximum" else max(values)


def _points(cloudwatch: Any, queries: Sequence[Any], now: int) -> Mapping[int, list[float]]:
    """The values of each query that has some, by its place, the earliest first."""
    # Times that align with the period are faster, and no period is cut.
    began = (now - HOUR) // 1000 // PERIOD * PERIOD
    asked = {
        "MetricDataQueries": queries,
        "StartTime": datetime.fromtimestamp(began, UTC),
        "EndTime": datetime.fromtimestamp(now // 1000 + 1, UTC),
        "ScanBy": "TimestampAscending",
    }
    points: dict[int, list[float]] = {}
    with explaining("read the metrics", "cloudwatch:GetMetricData"):
        for page in cloudwatch.get_paginator("get_metric_data").paginate(**asked):
            for result in page["MetricDataResults"]:
                if result["Values"]:
                    points.setdefault(int(result["Id"][1:]), []).extend(map(float, result["Values"]))
    return points


def _query(index: int, metric: Metric, text: Text) -> dict[str, Any]:
    namespace, _, name = metric.of.partition(":")
    dimensions = [{"Name": name, "Value": text(value)} for name, value in metric.dimensions.items()]
    of = {"Namespace": namespace, "MetricName": name, "Dimensions": dimensions}
    return {"Id": f"m{index}", "MetricStat": {"Metric": of, "Period": PERIOD, "Stat": metric.statistic}}
