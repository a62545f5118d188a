"""Streams: records in Kinesis, in their order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from iotgen.kinds.streams.status import STREAM_STATUS
from iotgen.model.access import Access, Variable, Verb, only_statement
from iotgen.model.alarm import Alarm, AlarmMaker
from iotgen.model.arn import arn
from iotgen.model.change import Attributes, Deployed, named_anew
from iotgen.model.contents import Amount, Clients
from iotgen.model.context import Context
from iotgen.model.cost import DAYS, Amounts, Charge, Costs, Scope, Use, Work, units
from iotgen.model.derived import no_derived
from iotgen.model.drawing import Node, Style
from iotgen.model.expression import Expression, Joined, Reference
from iotgen.model.kind import Kind, Name, Resolving, Settings
from iotgen.model.live import Live, live_name
from iotgen.model.log_group import no_logs
from iotgen.model.outside import Form, Outside, never_read
from iotgen.model.pipeline import Pipeline
from iotgen.model.preflight import Account, Check
from iotgen.model.rendering import Digests, Output, Rendering, output_of
from iotgen.model.resource import Resource
from iotgen.problem import Finding

__all__ = ["STREAMS", "Stream"]

SECTION = "streams"
ADDRESS = "aws_kinesis_stream"
# A put is billed for each of these that a record begins: https://aws.amazon.com/kinesis/data-streams/pricing/
_PUT_UNIT = 25 * 1024
_HOURS = 24


@dataclass(frozen=True, kw_only=True)
class Stream(Resource):
    """A Kinesis data stream; `shards` is None where Kinesis adds them, `kms_key` with AWS's own key."""

    shards: int | None
    retention_hours: int
    kms_key: str | Expression | None


def _resolve(context: Resolving) -> tuple[Stream, ...]:
    return tuple(
        Stream(
            **context.renamable(key, path),
            shards=None if settings["shards"] == "on_demand" else settings["shards"],
            retention_hours=settings["retention_hours"],
            kms_key=context.kms_key(SECTION, key),
        )
        for key, settings, path in context.entries(SECTION)
    )


def _names(stream: Stream) -> Iterator[Name]:
    yield Name(what="a stream", text=stream.name, space="stream", most=128)


def _render(streams: tuple[Stream, ...], _digests: Digests) -> Iterator[Rendering]:
    for stream in streams:
        yield Rendering(SECTION, stream.path, "stream", {"stream": stream}, moved=stream.moved)


def _outputs(streams: tuple[Stream, ...]) -> tuple[Output, ...]:
    labels = {stream.key: stream.label for stream in streams}
    return output_of("stream_names", "The streams' names", labels, f"{ADDRESS}.name")


def _alarms(make: AlarmMaker, settings: Settings, streams: tuple[Stream, ...]) -> Iterator[Alarm]:
    """The age of what is read from each stream, and the records that it refuses.

    https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html
    """
    age, throttles = settings[SECTION]["age"], settings[SECTION]["throttles"]
    for stream in streams:
        own = {"StreamName": Reference(f"{ADDRESS}.{stream.label}.name")}
        if age:
            yield make(
                key=f"{stream.key}-age",
                path=stream.path,
                description=f"Records of {stream.name} are read {age} seconds after they came",
                metric="AWS/Kinesis:GetRecords.IteratorAgeMilliseconds",
                dimensions=own,
                threshold=age * 1000,
                statistic="Maximum",
            )
        if throttles:
            yield make(
                key=f"{stream.key}-throttles",
                path=stream.path,
                description=f"Records for {stream.name} are refused",
                metric="AWS/Kinesis:WriteProvisionedThroughputExceeded",
                dimensions=own,
                threshold=throttles,
            )


def _changes(streams: tuple[Stream, ...], pipeline: Pipeline, deployed: Deployed) -> Iterator[Finding]:
    """A new name, with which Terraform would create another stream."""
    for stream in streams:
        if there := deployed.get(f"{ADDRESS}.{stream.label}"):
            yield from named_anew(stream, "stream", there, pipeline.suffix)


def _contents(_clients: Clients, stream: Attributes, _now: datetime) -> Amount:
    """Nobody counts the records of a stream."""
    hours = stream.get("retention_period") or _HOURS
    return Amount(f"the records of the last {hours} hours", empty=False)


def _preflight(streams: tuple[Stream, ...], account: Account) -> Iterator[Check]:
    """The names of streams that are taken."""
    client = account.client("kinesis")
    for stream in streams:
        try:
            client.describe_stream_summary(StreamName=stream.name)
        except client.exceptions.ResourceNotFoundException:
            continue
        taken = account.arn("kinesis", f"stream/{stream.name}")
        yield from account.taken("the stream", stream.name, stream.path, taken)


_STYLE = Style(name="stream", hue=290, icon="M3 7h12M3 12h18M3 17h12M18 9l3 3-3 3", shape=("[[", "]]"))


def _drawing(streams: tuple[Stream, ...], _pipeline: Pipeline) -> Iterator[Node]:
    for stream in streams:
        yield Node(id=stream.path, noun="stream", title=stream.key, note="Kinesis", style=_STYLE)


def _arn(context: Context, key: str, _verb: Any) -> Joined:
    return context.arn(SECTION, key)


def _own_arn(context: Context, key: str) -> Joined:
    return arn("kinesis", context.region, "stream/", context.name_of(SECTION, key))


def _there(live: Live, stream: Outside) -> None:
    live.client("kinesis").describe_stream_summary(StreamName=stream.name)


def _charges(stream: Stream, uses: tuple[Use, ...], _scope: Scope) -> Iterator[Charge]:
    path = f"stream {stream.key}"
    if stream.shards:
        yield Charge("kinesis.shards", stream.shards * DAYS * _HOURS, path)
    else:
        yield Charge("kinesis.streams", DAYS * _HOURS, path)
    for use in uses:
        if stream.shards:
            yield Charge("kinesis.puts", use.get("puts"), use.path)
        else:
            yield Charge("kinesis.ingested", use.get("bytes") / 1e9, use.path)


def _put(work: Work) -> Amounts:
    return {"puts": work.calls * units(work.bytes, _PUT_UNIT), "bytes": work.calls * work.bytes}


def _read(_work: Work) -> Amounts:
    """Reads cost nothing, but for consumers with a throughput of their own."""
    return {}


STREAMS = Kind(
    section=SECTION,
    noun="stream",
    type=Stream,
    address=ADDRESS,
    referred=True,
    used_in="the `access` or the `triggers` of a function",
    resolve=_resolve,
    names=_names,
    render=_render,
    outputs=_outputs,
    alarms=_alarms,
    logs=no_logs,
    status=STREAM_STATUS,
    traces=None,
    changes=_changes,
    contents=_contents,
    refuses=None,
    in_spec=None,
    waits={},
    preflight=_preflight,
    renamable=True,
    access=Access(
        service="kinesis",
        operations={
            "create_stream": "kinesis:CreateStream",
            "delete_stream": "kinesis:DeleteStream",
            "describe_stream": "kinesis:DescribeStream",
            "describe_stream_summary": "kinesis:DescribeStreamSummary",
            "get_records": "kinesis:GetRecords",
            "get_shard_iterator": "kinesis:GetShardIterator",
            "list_shards": "kinesis:ListShards",
            "list_streams": "kinesis:ListStreams",
            "put_record": "kinesis:PutRecord",
            "put_records": "kinesis:PutRecords",
        },
        objects={},
        address=ADDRESS,
        noun="stream",
        variable=Variable(prefix="STREAM_", attribute="name", live=live_name),
        phrase="{verbs} records of the stream `{key}`",
        verbs={
            "put": Verb(
                actions=("kinesis:PutRecord", "kinesis:PutRecords"),
                method="put_records",
                methods=frozenset({"put_record", "put_records"}),
                reads=False,
                phrase="put records into the stream `{key}`",
            ),
            "read": Verb(
                actions=(
                    "kinesis:DescribeStream",
                    "kinesis:DescribeStreamSummary",
                    "kinesis:GetRecords",
                    "kinesis:GetShardIterator",
                    "kinesis:ListShards",
                ),
                method="get_records",
                methods=frozenset(
                    {"get_records", "get_shard_iterator", "list_shards"}
                    | {"describe_stream", "describe_stream_summary"}
                ),
                reads=True,
            ),
        },
        examples=("put", "read"),
        through="kinesis",
        arn=_arn,
        statements=only_statement,
    ),
    existing=Form(
        address=ADDRESS,
        service="kinesis",
        within="stream/",
        own=_own_arn,
        read=never_read,
        there=_there,
        style=_STYLE,
    ),
    derived=no_derived,
    drawing=_drawing,
    costs=Costs(
        charges=_charges,
        calls={"put": _put, "read": _read},
        per_reading={},
        apart=True,
        levers=(),
    ),
)
