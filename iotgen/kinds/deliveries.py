"""Deliveries: records that Firehose gathers into the objects of a bucket."""

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from iotgen.model.access import Access, Variable, Verb, only_statement
from iotgen.model.alarm import Alarm, AlarmMaker
from iotgen.model.arn import arn
from iotgen.model.called import Called, called
from iotgen.model.change import Attributes, Deployed, fails
from iotgen.model.context import Context
from iotgen.model.cost import SECONDS, Amounts, Charge, Costs, Scope, Use, Work, units
from iotgen.model.derived import no_derived
from iotgen.model.drawing import Edge, Node, Relation, Style
from iotgen.model.expression import Expression, Joined, Reference, joined
from iotgen.model.key_use import key_statements, key_use, own_use
from iotgen.model.kind import Kind, Name, Resolving, Settings, role_name
from iotgen.model.live import live_name
from iotgen.model.log_group import LogGroup, moment, no_entry
from iotgen.model.pipeline import Pipeline
from iotgen.model.policy import Statement
from iotgen.model.preflight import Account, Check
from iotgen.model.rendering import Digests, Output, Rendering, output_of
from iotgen.model.resource import Resource
from iotgen.model.status import Fact, Metric, Status
from iotgen.problem import Finding, Path

SECTION = "deliveries"
ADDRESS = "aws_kinesis_firehose_delivery_stream"
_PATH = re.compile(r"[.\w\[\]:]+")
# Each record is billed in these: https://aws.amazon.com/firehose/pricing/
_UNIT = 5 * 1024
# https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
_PARTS = {"day": "!{timestamp:yyyy/MM/dd}/", "hour": "!{timestamp:yyyy/MM/dd/HH}/", "none": ""}
_HIVE = {
    "day": "year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/",
    "hour": "year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/hour=!{timestamp:HH}/",
    "none": "",
}
_FRESHNESS = "AWS/Firehose:DeliveryToS3.DataFreshness"


# The hints that Firehose has by itself, and of which the provider keeps nothing in the state: so they are
# rendered only where the spec has others. https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
_TRANSFORM_SIZE, _TRANSFORM_SECONDS = 1, 60


@dataclass(frozen=True, kw_only=True)
class Transform:
    """The function `key`, by its ARN, that changes records on their way, with hints (None for Firehose's)."""

    key: str
    called: Called
    arn: Joined
    size: str | None
    seconds: str | None


def _value(query: str) -> str:
    """An expression of jq as the value of an object's key, which has parentheses unless it is a path."""
    return query if _PATH.fullmatch(query) else f"({query})"


@dataclass(frozen=True, kw_only=True)
class Deaggregation:
    """How Firehose takes records apart: as JSON, or at a delimiter, which is in base64.

    https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-multirecord-deaggergation.html
    """

    type: str
    delimiter: str | None


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """The table of Glue that has the fields of Parquet: its name is that of its database, too."""

    name: str
    location: Joined
    columns: tuple[Mapping[str, str], ...] = field(hash=False)


@dataclass(frozen=True, kw_only=True)
class Delivery(Resource):
    """A Firehose delivery stream into a bucket, from the stream with the ARN `stream`, if any.

    `buffer_size` is in MiB. `source` and `target` are the paths of the stream and the bucket. With a
    `catalog`, the objects are Parquet. `kms_key` is the ARN of the KMS key that
    encrypts it, None with AWS's own.
    """

    bucket_arn: str | Expression
    prefix: str
    errors: str
    partition: str
    hive: bool
    partition_by: Mapping[str, str] = field(hash=False)
    deaggregate: Deaggregation | None
    compressed: bool
    buffer_size: int
    buffer_seconds: int
    kms_key: str | Expression | None
    log_kms_key: str | Expression | None
    stream: Expression | None
    transform: Transform | None
    catalog: Catalog | None
    statements: tuple[Statement, ...]
    source: Path | None
    target: Path

    @property
    def object_prefix(self) -> str:
        """The beginning of the objects' keys, with the record's partition and the time at which it came."""
        own = "".join(f"{key}=!{{partitionKeyFromQuery:{key}}}/" for key in self.partition_by)
        return f"{self.prefix}{own}{self._parts[self.partition]}"

    @property
    def partition_query(self) -> str:
        """The expression of jq that gives a record's partition: an object with the keys.

        https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-partitioning-keys.html
        """
        return "{" + ",".join(f"{key}:{_value(query)}" for key, query in self.partition_by.items()) + "}"

    @property
    def error_prefix(self) -> str:
        """That of records which cannot be delivered as they are: beside the others, not among them."""
        return f"{self.errors}!{{firehose:error-output-type}}/{self._parts['day']}"

    @property
    def _parts(self) -> Mapping[str, str]:
        return _HIVE if self.hive else _PARTS

    @property
    def log_group(self) -> str:
        """The group of its errors."""
        return f"/aws/kinesisfirehose/{self.name}"

    @property
    def role(self) -> str:
        """The name of the role by which Firehose delivers."""
        return f"{self.name}-delivery"


def _resolve(context: Resolving) -> tuple[Delivery, ...]:
    return tuple(
        _delivery(context, key, settings, path)
        for key, settings, path in context.entries(SECTION)
        if context.has("buckets", settings["bucket"], (*path, "bucket"))
        and ("from" not in settings or context.has("streams", settings["from"], (*path, "from")))
        and (
            "transform" not in settings
            or context.has("functions", settings["transform"], (*path, "transform"))
        )
    )


def _delivery(context: Resolving, key: str, settings: Settings, path: Path) -> Delivery:
    stream = context.arn("streams", settings["from"]) if "from" in settings else None
    prefix = settings.get("prefix", f"{key}/")
    errors = settings.get("error_prefix", f"errors/{prefix}")
    transform, catalog = _transform(context, settings), _catalog(context, key, settings, prefix)
    return Delivery(
        **context.named(key, path),
        bucket_arn=context.arn("buckets", settings["bucket"]),
        prefix=prefix,
        errors=errors,
        partition=settings["partition"],
        hive=settings["hive"],
        partition_by=settings.get("partition_by", {}),
        deaggregate=_deaggregate(settings.get("deaggregate")),
        compressed=settings["compressed"],
        buffer_size=settings["buffer"]["size"],
        buffer_seconds=settings["buffer"]["seconds"],
        kms_key=context.kms_key(SECTION, key),
        log_kms_key=context.log_kms_key(SECTION, key),
        stream=stream,
        transform=transform,
        catalog=catalog,
        statements=(
            *_statements(context, key, settings["bucket"], (prefix, errors), stream),
            *(_invoke(context, transform) if transform else ()),
            *(_read_catalog(context, catalog) if catalog else ()),
        ),
        source=("streams", settings["from"]) if stream else None,
        target=("buckets", settings["bucket"]),
    )


def _deaggregate(written: Any) -> Deaggregation | None:
    if written is None:
        return None
    if written == "json":
        return Deaggregation(type="JSON", delimiter=None)
    return Deaggregation(type="DELIMITED", delimiter=base64.b64encode(written["delimiter"].encode()).decode())


def _transform(context: Context, settings: Settings) -> Transform | None:
    if "transform" not in settings:
        return None
    key, buffer = settings["transform"], settings.get("transform_buffer", {})
    function = called(context, key)
    size, seconds = buffer.get("size", _TRANSFORM_SIZE), buffer.get("seconds", _TRANSFORM_SECONDS)
    return Transform(
        key=key,
        called=function,
        arn=joined(function.arn, function.versioned),
        size=None if size == _TRANSFORM_SIZE else str(size),
        seconds=None if seconds == _TRANSFORM_SECONDS else str(seconds),
    )


def _catalog(context: Context, key: str, settings: Settings, prefix: str) -> Catalog | None:
    """The table of Parquet's fields, in the words of Hive: no dashes."""
    if settings["format"] != "parquet":
        return None
    bucket = context.attribute("buckets", settings["bucket"], "id")
    columns = tuple({"name": name, "type": kind} for name, kind in settings["columns"].items())
    name = context.name_of(SECTION, key).lower().replace("-", "_")
    place = bucket if isinstance(bucket, Reference | Joined) else str(bucket)
    return Catalog(name=name, location=joined("s3://", place, f"/{prefix}"), columns=columns)


def _invoke(context: Context, transform: Transform) -> Iterator[Statement]:
    """The function, whose version Firehose names: https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html."""
    function = transform.called
    own = arn("lambda", context.region, "function:", function.name)
    actions = ("lambda:GetFunctionConfiguration", "lambda:InvokeFunction")
    versions = (joined(own, function.versioned),) if function.versioned else ()
    yield Statement("Transform", actions, (own, *versions))


def _read_catalog(context: Context, catalog: Catalog) -> Iterator[Statement]:
    """The table, to which a permission for its catalog and database belongs.

    https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-glue
    """
    names = ("catalog", f"database/{catalog.name}", f"table/{catalog.name}/{catalog.name}")
    actions = ("glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions")
    yield Statement("ReadColumns", actions, tuple(arn("glue", context.region, name) for name in names))


def _statements(
    context: Context, key: str, bucket: str, prefixes: tuple[str, ...], stream: Joined | None
) -> Iterator[Statement]:
    """What Firehose needs of the bucket, the log, the stream and the key.

    https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
    """
    whole = context.arn("buckets", bucket)
    objects = tuple(joined(whole, f"/{start}*") for start in prefixes)
    yield Statement("WriteObjects", ("s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"), objects)
    listing = ("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads")
    yield Statement("ListBucket", listing, (whole,))
    group = f"log-group:/aws/kinesisfirehose/{context.name_of(SECTION, key)}:log-stream:*"
    yield Statement("WriteErrors", ("logs:PutLogEvents",), (arn("logs", context.region, group),))
    if stream:
        read = (
            "kinesis:DescribeStream",
            "kinesis:GetRecords",
            "kinesis:GetShardIterator",
            "kinesis:ListShards",
        )
        yield Statement("ReadStream", read, (stream,))
    source = context.data[SECTION][key].get("from")
    reading = key_use(context, "streams", source, "kinesis", reads=True) if source else ()
    own = () if source else own_use(context, "kinesis")
    writing = key_use(context, "buckets", bucket, "s3", reads=False)
    yield from key_statements(context, (*reading, *own, *writing))


def _names(delivery: Delivery) -> Iterator[Name]:
    yield Name(what="a delivery", text=delivery.name, space="delivery", most=64)
    yield role_name("the role of a delivery", delivery.role)


def _render(deliveries: tuple[Delivery, ...], _digests: Digests) -> Iterator[Rendering]:
    for delivery in deliveries:
        yield Rendering(SECTION, delivery.path, "delivery", {"delivery": delivery})


def _outputs(deliveries: tuple[Delivery, ...]) -> tuple[Output, ...]:
    labels = {delivery.key: delivery.label for delivery in deliveries}
    return output_of("delivery_names", "The deliveries' names", labels, f"{ADDRESS}.name")


def _alarms(make: AlarmMaker, settings: Settings, deliveries: tuple[Delivery, ...]) -> Iterator[Alarm]:
    """The age of the oldest record that is not in the bucket yet.

    https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html
    """
    age = settings[SECTION]["age"]
    for delivery in deliveries if age else ():
        yield make(
            key=f"{delivery.key}-delivery-age",
            path=delivery.path,
            description=f"A record has waited {age} seconds for {delivery.name} to deliver it",
            metric=_FRESHNESS,
            dimensions={"DeliveryStreamName": Reference(f"{ADDRESS}.{delivery.label}.name")},
            threshold=age,
            statistic="Maximum",
        )


def _changes(deliveries: tuple[Delivery, ...], _pipeline: Pipeline, deployed: Deployed) -> Iterator[Finding]:
    """Partitions by the record, which Firehose takes when it makes a delivery only.

    https://github.com/hashicorp/terraform-provider-aws/issues/29092
    https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-enable.html
    """
    for delivery in deliveries:
        there = deployed.get(f"{ADDRESS}.{delivery.label}")
        if there and delivery.partition_by and not _is_partitioned(there):
            yield fails(
                (*delivery.path, "partition_by"),
                f"the delivery `{delivery.key}` is deployed without `partition_by`, and Firehose takes that "
                "of new deliveries only",
                f"Add a delivery under another key, such as `{delivery.key}-2`, and remove this one later.",
            )


def _is_partitioned(there: Attributes) -> bool:
    return any(
        partitioning.get("enabled")
        for destination in there.get("extended_s3_configuration") or ()
        for partitioning in destination.get("dynamic_partitioning_configuration") or ()
    )


def _logs(delivery: Delivery) -> Iterator[LogGroup]:
    yield LogGroup(writer=delivery.key, name=delivery.log_group, usual=True, entry=no_entry, span=moment)


def _preflight(deliveries: tuple[Delivery, ...], account: Account) -> Iterator[Check]:
    """The names of deliveries that are taken."""
    client = account.client("firehose")
    for delivery in deliveries:
        try:
            client.describe_delivery_stream(DeliveryStreamName=delivery.name)
        except client.exceptions.ResourceNotFoundException:
            continue
        taken = account.arn("firehose", f"deliverystream/{delivery.name}")
        yield from account.taken("the delivery", delivery.name, delivery.path, taken)


_STYLE = Style(
    name="delivery", hue=60, icon="M3 7h11v9H3zM14 10h4l3 3v3h-7M7 18h.01M17 18h.01", shape=("[/", "/]")
)


def _drawing(deliveries: tuple[Delivery, ...], _pipeline: Pipeline) -> Iterator[Node | Edge]:
    for one in deliveries:
        yield Node(id=one.path, noun="delivery", title=one.key, note="Firehose", style=_STYLE)
        yield Edge(tail=one.path, head=one.target, text=one.prefix, accent=one.path, relation=Relation.NOTICE)
        if one.transform:
            function = ("functions", one.transform.key)
            yield Edge(
                tail=one.path, head=function, text="transforms", accent=function, relation=Relation.CALL
            )
        if one.source:
            yield Edge(tail=one.source, head=one.path, text="", accent=one.source, relation=Relation.NOTICE)


def _arn(context: Context, key: str, _verb: Any) -> Joined:
    return arn("firehose", context.region, "deliverystream/", context.name_of(SECTION, key))


def _metrics(delivery: Delivery) -> Iterator[Metric]:
    own = {"DeliveryStreamName": delivery.name}
    yield Metric(column="records", title="records", of="AWS/Firehose:IncomingRecords", dimensions=own)
    yield Metric(
        column="oldest s",
        title="age of the oldest record in s",
        of=_FRESHNESS,
        dimensions=own,
        statistic="Maximum",
    )


def _facts(clients: Any, delivery: Delivery) -> Iterator[Fact]:
    answer = clients("firehose").describe_delivery_stream(DeliveryStreamName=delivery.name)
    yield Fact(column="state", value=str(answer["DeliveryStreamDescription"]["DeliveryStreamStatus"]))


_STATUS = Status(columns=("records", "oldest s", "state"), metrics=_metrics, facts=_facts)


def _charges(delivery: Delivery, uses: tuple[Use, ...], _scope: Scope) -> Iterator[Charge]:
    for use in uses:
        yield Charge("firehose.ingested", use.get("bytes") / 1e9, use.path)
        if delivery.catalog:
            yield Charge("firehose.converted", use.get("bytes") / 1e9, use.path)
        if delivery.partition_by:
            yield Charge("firehose.partitioned", use.get("bytes") / 1e9, use.path)
            yield Charge("firehose.partitions", _objects(delivery, use), use.path)


def _objects(delivery: Delivery, use: Use) -> float:
    """The objects of partitions, as if a buffer were of one: nobody knows how many values there are."""
    return min(SECONDS / delivery.buffer_seconds, use.get("records"))


def _put(work: Work) -> Amounts:
    return {"bytes": work.calls * units(work.bytes, _UNIT) * _UNIT, "records": work.calls}


DELIVERIES = Kind(
    section=SECTION,
    noun="delivery",
    type=Delivery,
    address=ADDRESS,
    referred=True,
    used_in="the `access` of a function, or give it a stream with `from`",
    resolve=_resolve,
    names=_names,
    render=_render,
    outputs=_outputs,
    alarms=_alarms,
    logs=_logs,
    status=_STATUS,
    traces=None,
    changes=_changes,
    contents=None,
    refuses=None,
    in_spec=None,
    waits={},
    preflight=_preflight,
    renamable=False,
    access=Access(
        service="firehose",
        operations={
            "put_record": "firehose:PutRecord",
            "put_record_batch": "firehose:PutRecordBatch",
        },
        objects={},
        address=ADDRESS,
        noun="delivery",
        variable=Variable(prefix="DELIVERY_", attribute="name", live=live_name),
        phrase="{verbs} records into the delivery `{key}`",
        verbs={
            "put": Verb(
                actions=("firehose:PutRecord", "firehose:PutRecordBatch"),
                method="put_record_batch",
                methods=frozenset({"put_record", "put_record_batch"}),
                reads=False,
            ),
        },
        examples=("put",),
        through="firehose",
        arn=_arn,
        statements=only_statement,
    ),
    existing=None,
    derived=no_derived,
    drawing=_drawing,
    costs=Costs(charges=_charges, calls={"put": _put}, per_reading={}, apart=True, levers=()),
)
