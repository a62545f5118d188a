"""The numbers that CloudWatch has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from iotgen.errors import RemoteError
from iotgen.model.expression import Label
from iotgen.model.resource import Resource
from iotgen.model.status import Metric, Status
from iotgen.operate.status.metrics import MOST_QUERIES, combined, from_cloudwatch
from iotgen.operate.status.watched import Watched

NOW = 1_795_664_460_941
METRICS = (
    Metric(column="calls", title="calls", of="AWS/Lambda:Invocations", dimensions={"FunctionName": "f-dev"}),
    Metric(
        column="p99 ms",
        title="p99",
        of="AWS/Lambda:Duration",
        dimensions={"FunctionName": "f-dev"},
        statistic="p99",
    ),
)


def watched(key: str, metrics: tuple[Metric, ...] = METRICS) -> Watched:
    resource = Resource(key=key, name=f"{key}-dev", label=Label(key), path=("functions", key))
    status = Status[Resource](columns=(), metrics=lambda _: metrics, facts=lambda *_: ())
    return Watched("functions", resource, status, metrics, ())


@dataclass
class CloudWatch:
    """boto3's client: each value of a metric is on a page of its own."""

    values: dict[str, list[float]]
    calls: list[dict[str, Any]] = field(default_factory=list)

    def get_paginator(self, operation: str) -> CloudWatch:
        assert operation == "get_metric_data"
        return self

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        self.calls.append(asked)
        names = {one["Id"]: one["MetricStat"]["Metric"]["MetricName"] for one in asked["MetricDataQueries"]}
        for turn in range(3):
            yield {
                "MetricDataResults": [
                    {
                        "Id": id_,
                        "Values": self.values.get(name, [])[turn : turn + 1],
                        "StatusCode": "Complete",
                    }
                    for id_, name in names.items()
                ]
            }


def test_sums_are_added_up_and_of_percentiles_the_worst_counts() -> None:
    cloudwatch = CloudWatch({"Invocations": [3, 4], "Duration": [20.0, 90.5, 10.0]})
    assert from_cloudwatch(cloudwatch, [watched("f")], NOW) == {
        (("functions", "f"), "calls"): 7,
        (("functions", "f"), "p99 ms"): 90.5,
    }
    assert combined("Maximum", [9, 2]) == 2


def test_what_has_no_values_is_not_known() -> None:
    assert from_cloudwatch(CloudWatch({"Invocations": [0.0]}), [watched("f")], NOW) == {
        (("functions", "f"), "calls"): 0
    }


def test_a_call_asks_for_as_many_metrics_as_it_may() -> None:
    cloudwatch = CloudWatch({"Invocations": [1]})
    many = [watched(f"f{number}") for number in range(600)]
    assert len(from_cloudwatch(cloudwatch, many, NOW)) == 600
    assert [len(call["MetricDataQueries"]) for call in cloudwatch.calls] == [MOST_QUERIES, MOST_QUERIES, 200]


def test_the_time_begins_with_a_period() -> None:
    cloudwatch = CloudWatch({})
    from_cloudwatch(cloudwatch, [watched("f")], NOW)
    (call,) = cloudwatch.calls
    start, end = call["StartTime"], call["EndTime"]
    assert (start.minute % 5, start.second) == (0, 0)
    assert 3600 <= (end - start).total_seconds() <= 3900
    query = call["MetricDataQueries"][1]["MetricStat"]
    assert (query["Period"], query["Stat"]) == (300, "p99")
    assert query["Metric"]["Namespace"] == "AWS/Lambda"
    assert query["Metric"]["Dimensions"] == [{"Name": "FunctionName", "Value": "f-dev"}]


def test_without_the_permission_it_is_named() -> None:
    class Denied(CloudWatch):
        def paginate(self, **_asked: Any) -> Iterator[dict[str, Any]]:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetMetricData")

    with pytest.raises(RemoteError, match="cannot read the metrics") as error:
        from_cloudwatch(Denied({}), [watched("f")], NOW)
    assert "cloudwatch:GetMetricData" in error.value.hint
