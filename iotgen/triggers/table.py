"""Triggers by changes of a table's items, in batches: its stream, which they turn on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.model.context import Context
from iotgen.model.expression import joined
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

_SECTION = "tables"
_CHANGES = ("insert", "modify", "remove")
# https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
_ACTIONS = (
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
)


@dataclass(frozen=True, kw_only=True)
class TableTrigger(RecordTrigger):
    """A trigger by changes of a table."""

    @property
    def events(self) -> str:
        """Changes."""
        return "changes"


def _resolve(context: Context, settings: Mapping[str, Any], position: Position) -> TableTrigger:
    return TableTrigger(
        **common(context, settings, position, _SECTION, "table"),
        stream_arn=context.attribute(_SECTION, settings["table"], "stream_arn"),
        filters=tuple(_filters(settings)),
    )


def _filters(settings: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The patterns, each with the changes that are wanted, if these are not all.

    https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html
    """
    changes = settings.get("changes", _CHANGES)
    wanted = {} if set(changes) == set(_CHANGES) else {"eventName": [one.upper() for one in changes]}
    written = patterns(settings)
    if wanted or written:
        yield from ({**wanted, **pattern} for pattern in written or ({},))


def _statements(context: Context, trigger: TableTrigger) -> Iterator[Statement]:
    """The permissions that Lambda's poller needs in the function's role."""
    streams = joined(context.arn(_SECTION, trigger.key), "/stream/*")
    yield Statement(statement_id("follow", "table", trigger.key), _ACTIONS, (streams,))
    yield from failed_statement(context, trigger)


def _sample(trigger: TableTrigger, table: Resource, occasion: Occasion) -> Event:
    """One new item, with the content as its text.

    https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
    """
    live = occasion.live
    arn = f"arn:{live.partition}:dynamodb:{live.region}:{live.account}:table/{table.name}/stream/sample"
    record = {
        "eventID": occasion.id,
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": live.region,
        "dynamodb": {
            "ApproximateCreationDateTime": occasion.now // 1000,
            "Keys": {"id": {"S": occasion.id}},
            "NewImage": {"id": {"S": occasion.id}, "content": {"S": occasion.content}},
            "SequenceNumber": str(occasion.now),
            "SizeBytes": len(occasion.content.encode()),
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": arn,
    }
    return windowed(trigger, {"Records": [record]}, occasion.now)


def _undelivered(body: str, _attributes: Mapping[str, str]) -> Undelivered | None:
    """https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html."""
    return given_up(body, "DDBStreamBatchInfo")


TABLE_TRIGGER = TriggerKind(
    word="table",
    section=_SECTION,
    type=TableTrigger,
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
