"""The shape of a pipeline: what its spec says of how it behaves."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from iotgen.invoke.variables import variables
from iotgen.iot_sql import matches, meet
from iotgen.kinds.buckets import Bucket
from iotgen.kinds.devices import DeviceGroup
from iotgen.kinds.devices.group import DEVICE
from iotgen.kinds.endpoints import Api
from iotgen.kinds.events import Event
from iotgen.kinds.functions import Addressed, Connecting, Function
from iotgen.kinds.parameters import Parameter
from iotgen.kinds.queues import Queue
from iotgen.kinds.rules import KeepingRule, Rule, Target
from iotgen.kinds.streams import Stream
from iotgen.kinds.tables import Table
from iotgen.kinds.topics import Topic
from iotgen.kinds.wiring import Wire
from iotgen.model.live import Live
from iotgen.model.pipeline import Pipeline
from iotgen.model.trigger import Occasion
from iotgen.prove.account import EPOCH
from iotgen.prove.aws.rule_sql import UnknownSqlError, compiled
from iotgen.prove.directory import ACCOUNT, Directory, queue_url
from iotgen.prove.kernel import SECOND
from iotgen.prove.shape import (
    BucketShape,
    EndpointShape,
    FollowShape,
    FunctionShape,
    ParameterShape,
    PollShape,
    QueueShape,
    RuleShape,
    Shape,
    StreamShape,
    SubscriptionShape,
    TableShape,
    TargetShape,
    TickShape,
    TopicShape,
    WatchShape,
)
from iotgen.triggers.bucket import BucketTrigger
from iotgen.triggers.dead_letters import DeadLetterTrigger
from iotgen.triggers.event import EVENT_TRIGGER, EventTrigger
from iotgen.triggers.queue import QueueTrigger
from iotgen.triggers.records import RecordTrigger
from iotgen.triggers.schedule import SCHEDULE_TRIGGER, ScheduleTrigger
from iotgen.triggers.topic import TopicTrigger

# The shards of a new stream on demand; how many a table's stream has is not known.
# https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html
_ON_DEMAND = 4
_PARTITIONS = 2


def shape_of(pipeline: Pipeline, folders: Mapping[str, tuple[Path, ...]]) -> Shape:
    """The shape of a pipeline; `folders` has the code of each function that is simulated, by its key."""
    functions = tuple(one for one in pipeline.all(Function) if one.key in folders)
    live = Live(pipeline.region, lambda _service: Directory(pipeline))
    return Shape(
        region=pipeline.region,
        functions=tuple(_function(one, pipeline, live, folders[one.key]) for one in functions),
        queues=tuple(_queues(pipeline, functions)),
        polls=tuple(_polls(functions)),
        watches=tuple(_watches(functions, live, pipeline)),
        rules=tuple(_rules(pipeline, folders)),
        subscriptions=tuple(_subscriptions(pipeline, functions, live)),
        streams=tuple(StreamShape(key=one.key, name=one.name) for one in pipeline.all(Stream)),
        follows=tuple(_follows(pipeline, functions, live)),
        ticks=tuple(_ticks(functions, live)),
        endpoints=tuple(_endpoints(pipeline, folders)),
        tables=tuple(_tables(pipeline)),
        topics=tuple(TopicShape(key=one.key, arn=_arn("sns", live, one.name)) for one in pipeline.all(Topic)),
        parameters=tuple(_parameters(pipeline)),
        buckets=tuple(
            BucketShape(key=one.key, name=live.text(one.full_name), versioned=one.versioned)
            for one in pipeline.all(Bucket)
        ),
    )


def _arn(service: str, live: Live, name: str) -> str:
    return f"arn:aws:{service}:{live.region}:{ACCOUNT}:{name}"


def _function(function: Function, pipeline: Pipeline, live: Live, folders: tuple[Path, ...]) -> FunctionShape:
    dead_letters = any(one.asynchronous for one in function.triggers)
    return FunctionShape(
        key=function.key,
        handler=function.handler,
        folders=folders,
        environment={
            "AWS_REGION": pipeline.region,
            "AWS_DEFAULT_REGION": pipeline.region,
            "AWS_LAMBDA_FUNCTION_NAME": function.name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
            **variables(_without_address(function), pipeline, live),
        },
        timeout=function.timeout * SECOND,
        memory=function.memory,
        reserved=function.reserved_concurrency,
        dead_letters=function.dead_letter_key if dead_letters else None,
        retries=function.asynchronous.retries if function.asynchronous else 2,
    )


def _without_address(function: Function) -> Function:
    """The function with addresses of the API and of AWS IoT at which nobody answers."""
    addresses = {one.variable: f"https://api.invalid{one.ending}" for one in function.variables(Addressed)}
    addresses |= {one.variable: "iot.invalid" for one in function.variables(Connecting)}
    return replace(function, environment={**function.environment, **addresses})


def _queues(pipeline: Pipeline, functions: tuple[Function, ...]) -> Iterator[QueueShape]:
    for queue in pipeline.all(Queue):
        yield _queue(pipeline, queue.key, queue.name, queue)
        yield _queue(pipeline, f"{queue.key}-dlq", queue.dead_letter_name)
    for function in functions:
        yield _queue(pipeline, function.dead_letter_key, function.dead_letter_name)
    for rule in pipeline.all(Rule):
        if isinstance(rule, KeepingRule):
            yield _queue(pipeline, rule.dead_letter_key, rule.dead_letter_name)


def _queue(pipeline: Pipeline, key: str, name: str, queue: Queue | None = None) -> QueueShape:
    return QueueShape(
        key=key,
        name=name,
        url=queue_url(pipeline.region, name),
        arn=f"arn:aws:sqs:{pipeline.region}:{ACCOUNT}:{name}",
        visibility=(queue.visibility_timeout if queue else 30) * SECOND,
        max_receives=queue.max_receives if queue else None,
        dead_letters=f"{key}-dlq" if queue else None,
    )


def _polls(functions: tuple[Function, ...]) -> Iterator[PollShape]:
    for function in functions:
        for trigger in function.by(QueueTrigger):
            if trigger.enabled:
                yield PollShape(
                    function=function.key,
                    queue=trigger.key,
                    batch_size=trigger.batch_size,
                    window=trigger.batch_window * SECOND,
                    max_concurrency=trigger.max_concurrency,
                    partial=trigger.report_failures,
                    filters=trigger.filters,
                )


def _watches(functions: tuple[Function, ...], live: Live, pipeline: Pipeline) -> Iterator[WatchShape]:
    names = {one.key: live.text(one.full_name) for one in pipeline.all(Bucket)}
    for function in functions:
        for trigger in function.by(BucketTrigger):
            if trigger.key in names:
                yield WatchShape(
                    function=function.key,
                    bucket=names[trigger.key],
                    prefix=trigger.prefix,
                    suffix=trigger.suffix or "",
                )


def _subscriptions(
    pipeline: Pipeline, functions: tuple[Function, ...], live: Live
) -> Iterator[SubscriptionShape]:
    """The functions that topics trigger, and the queues that subscribe to them."""
    topics = {one.key: _arn("sns", live, one.name) for one in pipeline.all(Topic)}
    for function in functions:
        for trigger in function.by(TopicTrigger):
            if trigger.key in topics:
                yield SubscriptionShape(
                    name=f"{trigger.key} to {function.key}",
                    topic=topics[trigger.key],
                    section="functions",
                    key=function.key,
                    raw=False,
                    filter=trigger.filter,
                    body=trigger.body,
                    failed=function.dead_letter_key,
                )
    queues = {one.name: one.key for one in pipeline.all(Queue)}
    for wire in pipeline.all(Wire):
        if wire.source[0] == "topics" and wire.source[1] in topics and wire.target[1] in queues.values():
            holes = wire.rendering.holes if wire.rendering else {}
            failed = live.text(holes["failed"]).rpartition(":")[2] if holes.get("failed") else ""
            yield SubscriptionShape(
                name=f"{wire.source[1]} to {wire.key}",
                topic=topics[wire.source[1]],
                section="queues",
                key=wire.target[1],
                raw=bool(holes.get("raw")),
                filter=holes.get("filter"),
                body=bool(holes.get("body")),
                failed=queues.get(failed),
            )


def _follows(pipeline: Pipeline, functions: tuple[Function, ...], live: Live) -> Iterator[FollowShape]:
    """The functions that records of streams, or changes of tables, trigger."""
    streams = {one.key: one for one in pipeline.all(Stream)}
    tables = {one.key: one for one in pipeline.all(Table)}
    for function in functions:
        for trigger in function.triggers:
            if not isinstance(trigger, RecordTrigger) or not trigger.enabled or trigger.tumbling_window:
                continue
            source = (streams if trigger.section == "streams" else tables).get(trigger.key)
            if source:
                yield _follow(function, trigger, source, live)


def _follow(function: Function, trigger: RecordTrigger, source: Stream | Table, live: Live) -> FollowShape:
    is_stream = isinstance(source, Stream)
    shards = (source.shards or _ON_DEMAND) if isinstance(source, Stream) else _PARTITIONS
    name = f"stream/{source.name}" if is_stream else f"table/{source.name}/stream/simulated"
    return FollowShape(
        function=function.key,
        section=trigger.section,
        source=source.name,
        arn=_arn("kinesis" if is_stream else "dynamodb", live, name),
        lanes=shards * trigger.parallelization,
        batch_size=trigger.batch_size,
        window=trigger.batch_window * SECOND,
        bisect=trigger.bisect,
        max_retries=trigger.max_retries if trigger.max_retries >= 0 else None,
        max_age=trigger.max_age * SECOND if trigger.max_age and trigger.max_age > 0 else None,
        failed=trigger.failed_key or function.dead_letter_key,
        partial=trigger.report_failures,
        filters=trigger.filters,
    )


def _ticks(functions: tuple[Function, ...], live: Live) -> Iterator[TickShape]:
    """The events of schedules, and of buses, that invoke functions."""
    for function in functions:
        for trigger in function.triggers:
            if isinstance(trigger, (ScheduleTrigger, EventTrigger)) and trigger.enabled:
                kind = SCHEDULE_TRIGGER if isinstance(trigger, ScheduleTrigger) else EVENT_TRIGGER
                occasion = Occasion(live=live, content="{}", now=EPOCH * 1000, id="simulated")
                per_second = trigger.per_second
                yield TickShape(
                    function=function.key,
                    name=trigger.name,
                    event=json.dumps(kind.sample(trigger, None, occasion)),  # type: ignore[arg-type]
                    every=round(SECOND / per_second) if per_second else None,
                )


def unknown_rules(pipeline: Pipeline) -> Iterator[str]:
    """The rules whose SQL or table is not simulated, each with the reason."""
    for rule in pipeline.all(Rule):
        if reason := _unknown(rule):
            yield f"the rule {rule.key}: {reason}"
        for target in rule.targets:
            if _is_keyed(target):
                yield f"the rule {rule.key}: items by `key` for `{target.key}` are not simulated"


def unknown_triggers(pipeline: Pipeline) -> Iterator[str]:
    """The triggers whose batches hand a state on, and those by dead letters."""
    for function in pipeline.all(Function):
        for letters in function.by(DeadLetterTrigger):
            yield f"the trigger of {function.key} by the dead letters of {letters.key} is not simulated"
        for trigger in function.triggers:
            if isinstance(trigger, RecordTrigger) and trigger.tumbling_window:
                yield f"the trigger of {function.key} by {trigger.key}: a tumbling window is not simulated"


def unknown_events(pipeline: Pipeline) -> Iterator[str]:
    """The events that go straight to resources, if there are any."""
    if keys := [one.key for one in pipeline.all(Event)]:
        yield f"the events {', '.join(keys)}: what EventBridge sends without a function is not simulated"


def unknown_endpoints(pipeline: Pipeline) -> Iterator[str]:
    """The endpoints without a function, if there are any."""
    api = pipeline.one(Api)
    if titles := [one.title for one in (api.endpoints if api else ()) if one.receiver]:
        yield f"the endpoints {', '.join(titles)}: what API Gateway hands on itself is not simulated"


def _unknown(rule: Rule) -> str:
    try:
        compiled(rule.sql)
    except UnknownSqlError as error:
        return str(error)
    return ""


def _rules(pipeline: Pipeline, folders: Mapping[str, Any]) -> Iterator[RuleShape]:
    for rule in pipeline.all(Rule):
        targets = tuple(_target(one) for one in rule.targets if _is_simulated(one, folders))
        kept = rule.dead_letter_key if isinstance(rule, KeepingRule) else None
        if not targets or _unknown(rule) or not (kept or _is_simulated(rule.on_error, folders)):
            continue
        yield RuleShape(
            key=rule.key,
            name=rule.name,
            sql=rule.sql,
            topic=rule.query.topic,
            ingest=rule.basic_ingest,
            published=_published(rule, pipeline.all(DeviceGroup)),
            targets=targets,
            on_error=TargetShape(section="queues", key=kept) if kept else _target(rule.on_error),
            dead_letters=kept,
        )


def _is_simulated(target: Target, folders: Mapping[str, Any]) -> bool:
    if target.section == "functions":
        return target.key in folders
    return target.section in ("queues", "tables", "topics", "streams") and not _is_keyed(target)


def _is_keyed(target: Target) -> bool:
    """Whether it writes items whose key is made of templates, which are not simulated."""
    return target.section == "tables" and bool(target.templates)


def _target(target: Target) -> TargetShape:
    base64 = bool(target.body.get("use_base64"))
    return TargetShape(section=target.section, key=target.key, base64=base64)


def _published(rule: Rule, groups: tuple[DeviceGroup, ...]) -> str:
    """The topic on which a device of the spec publishes for a rule, or else one that its filter matches."""
    topic = rule.query.topic
    if topic is None:
        return f"{rule.basic_ingest}/{DEVICE}"
    for group in groups:
        for one in group.publish:
            if meet(topic, one.replace(DEVICE, "+")) and matches(topic, one):
                return one
    return "/".join(DEVICE if level in ("+", "#") else level for level in topic.split("/"))


def _endpoints(pipeline: Pipeline, folders: Mapping[str, Any]) -> Iterator[EndpointShape]:
    api = pipeline.one(Api)
    for endpoint in api.endpoints if api else ():
        if endpoint.function and endpoint.function.key in folders:
            yield EndpointShape(
                path=f"/{endpoint.route}",
                method=endpoint.method,
                function=endpoint.function.key,
                schema=endpoint.model.schema if endpoint.model else None,
            )


def _tables(pipeline: Pipeline) -> Iterator[TableShape]:
    for table in pipeline.all(Table):
        yield TableShape(
            key=table.key,
            name=table.name,
            attributes=tuple(one.name for one in table.keys),
            indexes={one.name: tuple(key.name for key in one.keys) for one in table.indexes},
            stream=table.stream,
            writes=min((one.write for one in table.capacities), default=None),
        )


def _parameters(pipeline: Pipeline) -> Iterator[ParameterShape]:
    for one in pipeline.all(Parameter):
        yield ParameterShape(key=one.key, name=one.name, value=one.value)
