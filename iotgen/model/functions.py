"""Functions: settings, triggers, environment and role."""

from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.model.access import (
    access_statements,
    access_variables,
    consume_statement,
    resolve_access,
)
from iotgen.model.arn import arn
from iotgen.model.context import Context, label
from iotgen.model.encryption import encryption_key, key_statement
from iotgen.model.expression import Expression, Label
from iotgen.model.network import resolve_vpc, vpc_statements
from iotgen.model.pipeline import (
    BucketTrigger,
    Function,
    Grant,
    Layer,
    Parameter,
    Path,
    Queue,
    QueueTrigger,
    Statement,
)


def resolve_functions(
    context: Context,
    parameters: tuple[Parameter, ...],
    layers: tuple[Layer, ...],
    queues: tuple[Queue, ...],
) -> tuple[Function, ...]:
    """The functions."""
    return tuple(
        _function(context, key, settings, path, parameters, layers, queues)
        for key, settings, path in context.entries("functions")
    )


def _function(
    context: Context,
    key: str,
    settings: Mapping[str, Any],
    path: Path,
    parameters: tuple[Parameter, ...],
    layers: tuple[Layer, ...],
    queues: tuple[Queue, ...],
) -> Function:
    grants = resolve_access(context, settings["access"], (*path, "access"))
    own = label(key)
    reserved = settings.get("reserved_concurrency")
    vpc = resolve_vpc(settings.get("vpc"))
    queue_triggers = _queue_triggers(context, own, settings, path, queues, reserved)
    return Function(
        key,
        context.name(key),
        own,
        path,
        inherited=context.inherited(key),
        description=settings.get("description"),
        source=settings["source"],
        include=tuple(settings["include"]),
        handler=settings["handler"],
        runtime=settings["runtime"],
        architecture=settings["architecture"],
        memory=settings["memory"],
        timeout=settings["timeout"],
        reserved_concurrency=reserved,
        log_retention_days=settings["log_retention_days"],
        log_level=settings["log_level"],
        layers=_layers(context, key, settings, path, layers),
        vpc=vpc,
        code_signing=settings.get("code_signing"),
        environment=_environment(context, key, settings, grants),
        grants=grants,
        statements=(
            *_own_statements(context, key),
            *(vpc_statements(context, context.name(key)) if vpc else ()),
            *(consume_statement(context.region, trigger.queue) for trigger in queue_triggers),
            *_granted(context, grants, parameters),
        ),
        queue_triggers=queue_triggers,
        bucket_triggers=_bucket_triggers(context, own, settings, path),
        dead_letter_name=context.name(f"{key}-async-dlq"),
        dead_letter_label=label(f"{key}-async-dlq"),
    )


def _granted(
    context: Context, grants: tuple[Grant, ...], parameters: tuple[Parameter, ...]
) -> Iterator[Statement]:
    key = encryption_key(context)
    if key:
        yield key_statement(context, key, grants)
    yield from access_statements(context, grants, parameters, key)


def _own_statements(context: Context, key: str) -> tuple[Statement, ...]:
    """What every function needs: its log streams, its traces, and its own dead-letter queue."""
    streams = arn("logs", context.region, f"log-group:/aws/lambda/{context.name(key)}:*")
    failed = arn("sqs", context.region, context.name(f"{key}-async-dlq"))
    return (
        Statement("WriteLogs", ("logs:CreateLogStream", "logs:PutLogEvents"), (streams,)),
        # X-Ray has no resource types: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
        Statement("WriteTraces", ("xray:PutTelemetryRecords", "xray:PutTraceSegments"), ("*",)),
        Statement("SendFailedEvents", ("sqs:SendMessage",), (failed,)),
    )


def _layers(
    context: Context, key: str, settings: Mapping[str, Any], path: Path, layers: tuple[Layer, ...]
) -> tuple[Layer, ...]:
    by_key = {layer.key: layer for layer in layers}
    base = ("defaults", "function") if "layers" in context.inherited(key) else path
    return tuple(
        by_key[layer]
        for index, layer in enumerate(settings["layers"])
        if context.has("layers", layer, (*base, "layers", index))
    )


def _environment(
    context: Context, key: str, settings: Mapping[str, Any], grants: tuple[Grant, ...]
) -> dict[str, str | Expression]:
    """The function's own variables over what its access names, over what its logs and metrics are called."""
    return {
        **standard_variables(key, context.data["pipeline"], context.suffix),
        **access_variables(grants),
        **settings["environment"],
    }


def standard_variables(function: str, pipeline: str, suffix: str) -> dict[str, str]:
    """What every function's logs and metrics are called; alarms on metrics look for these names."""
    return {
        "POWERTOOLS_SERVICE_NAME": function,
        "POWERTOOLS_METRICS_NAMESPACE": f"{pipeline}-{suffix}",
    }


def _queue_triggers(
    context: Context,
    own: Label,
    settings: Mapping[str, Any],
    path: Path,
    queues: tuple[Queue, ...],
    reserved: int | None,
) -> tuple[QueueTrigger, ...]:
    by_key = {queue.key: queue for queue in queues}
    triggers = []
    queues_here = sum("queue" in trigger for trigger in settings["triggers"])
    for index, trigger in enumerate(settings["triggers"]):
        here = (*path, "triggers", index)
        key = trigger.get("queue")
        if key is None or not context.has("queues", key, (*here, "queue")):
            continue
        triggers.append(
            QueueTrigger(
                by_key[key],
                Label(f"{own}__{label(key)}"),
                trigger["batch_size"],
                trigger["batch_window"],
                trigger.get("max_concurrency", _share(reserved, queues_here)),
                here,
            )
        )
    return tuple(triggers)


def _share(reserved: int | None, queues: int) -> int | None:
    """Pollers know nothing of reservations: they share four fifths, and other callers get the rest."""
    return None if reserved is None else min(1000, max(2, reserved * 4 // 5 // queues))


def _bucket_triggers(
    context: Context, own: Label, settings: Mapping[str, Any], path: Path
) -> tuple[BucketTrigger, ...]:
    triggers = []
    for index, trigger in enumerate(settings["triggers"]):
        here = (*path, "triggers", index)
        key = trigger.get("bucket")
        if key is None or not context.has("buckets", key, (*here, "bucket")):
            continue
        bucket = label(key)
        triggers.append(
            BucketTrigger(
                key, bucket, Label(f"{own}__{bucket}"), trigger["prefix"], trigger.get("suffix"), here
            )
        )
    return tuple(triggers)
