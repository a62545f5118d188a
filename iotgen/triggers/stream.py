"""Triggers by records of a Kinesis stream, in batches."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.model.context import Context
from iotgen.model.policy import Statement, statement_id
from iotgen.model.resource import Resource
from iotgen.model.trigger import Event, Occasion, Position, TriggerKind, Undelivered, as_named, no_access
from iotgen.triggers.records import (
    RecordTrigger,
    common,
    delivery,
    failed_statement,
    given_up,
    patterns,
    render,
    windowed,
)

_SECTION = "streams"
# https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
_ACTIONS = (
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
)


@dataclass(frozen=True, kw_only=True)
class StreamTrigger(RecordTrigger):
    """A trigger by records of a stream."""

    @property
    def events(self) -> str:
        """Records."""
        return "records"


def _resolve(context: Context, settings: Mapping[str, Any], position: Position) -> StreamTrigger:
    return StreamTrigger(
        **common(context, settings, position, _SECTION, "stream"),
        stream_arn=context.attribute(_SECTION, settings["stream"], "arn"),
        filters=patterns(settings),
    )


def _statements(context: Context, trigger: StreamTrigger) -> Iterator[Statement]:
    """The permissions that Lambda's poller needs in the function's role."""
    stream = context.arn(_SECTION, trigger.key)
    yield Statement(statement_id("consume", "stream", trigger.key), _ACTIONS, (stream,))
    yield from failed_statement(context, trigger)


def _sample(trigger: StreamTrigger, stream: Resource, occasion: Occasion) -> Event:
    """One record.

    https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
    """
    live = occasion.live
    record = {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": "sample",
            "sequenceNumber": str(occasion.now),
            "data": base64.b64encode(occasion.content.encode()).decode(),
            "approximateArrivalTimestamp": occasion.now / 1000,
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"shardId-000000000000:{occasion.now}",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": f"arn:{live.partition}:iam::{live.account}:role/sample",
        "awsRegion": live.region,
        "eventSourceARN": f"arn:{live.partition}:kinesis:{live.region}:{live.account}:stream/{stream.name}",
    }
    return windowed(trigger, {"Records": [record]}, occasion.now)


def _undelivered(body: str, _attributes: Mapping[str, str]) -> Undelivered | None:
    """https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html."""
    return given_up(body, "KinesisBatchInfo")


STREAM_TRIGGER = TriggerKind(
    word="stream",
    section=_SECTION,
    type=StreamTrigger,
    resolve=_resolve,
    statements=_statements,
    render=render,
    access=no_access,
    sample=_sample,
    fed_by="put",
    delivery=delivery,
    written=as_named,
    undelivered=_undelivered,
)
