"""What is shown of a deployed stream.

Metrics: https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html
"""

from collections.abc import Iterator
from typing import Any

from iotgen.model.contents import Clients
from iotgen.model.resource import Resource
from iotgen.model.status import Fact, Metric, Status


def _metrics(stream: Resource) -> Iterator[Metric]:
    own = {"StreamName": stream.name}
    yield Metric(column="records", title="records", of="AWS/Kinesis:IncomingRecords", dimensions=own)
    yield Metric(
        column="throttles",
        title="refused records",
        of="AWS/Kinesis:WriteProvisionedThroughputExceeded",
        dimensions=own,
        bad=True,
    )
    yield Metric(
        column="oldest ms",
        title="age of what is read in ms",
        of="AWS/Kinesis:GetRecords.IteratorAgeMilliseconds",
        dimensions=own,
        statistic="Maximum",
    )


def _facts(clients: Clients, stream: Resource) -> Iterator[Fact]:
    answer = clients("kinesis").describe_stream_summary(StreamName=stream.name)
    about = answer["StreamDescriptionSummary"]
    yield Fact(column="shards", value=int(about.get("OpenShardCount", 0)))
    if about["StreamStatus"] != "ACTIVE":
        yield Fact(column="state", value=str(about["StreamStatus"]))


STREAM_STATUS: Status[Any] = Status(
    columns=("records", "shards", "throttles", "oldest ms"), metrics=_metrics, facts=_facts
)
