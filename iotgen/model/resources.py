"""Parameters, layers, tables, queues, topics and buckets, from their settings."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from iotgen.model.context import Context, label
from iotgen.model.expression import Label
from iotgen.model.names import bucket_name, parameter_name, with_account
from iotgen.model.pipeline import (
    Bucket,
    Function,
    KeyAttribute,
    Layer,
    Notification,
    Parameter,
    Queue,
    Subscription,
    Table,
    Topic,
)

# AWS's own advice for a queue that Lambda polls: room for the retries of a throttled batch.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
VISIBILITY_FACTOR = 6

_ATTRIBUTE_TYPES = {"string": "S", "number": "N", "binary": "B"}


def resolve_parameters(context: Context) -> tuple[Parameter, ...]:
    """The parameters; anything but a text becomes JSON, with its keys in order."""
    return tuple(
        Parameter(
            key,
            parameter_name(context, key),
            label(key),
            path,
            settings.get("description"),
            None if settings["secure"] else _parameter_text(settings["value"]),
            settings.get("schema"),
        )
        for key, settings, path in context.entries("parameters")
    )


def _parameter_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def resolve_layers(context: Context) -> tuple[Layer, ...]:
    """The layers, each for the runtime and architecture of the functions that use it."""
    layers = []
    for key, settings, path in context.entries("layers"):
        platforms = _platforms(context, key)
        if len(platforms) > 1:
            told = " and ".join(" ".join(platform) for platform in platforms)
            hint = "declare one layer for each, from the same requirements"
            context.report(
                path, "IOT202", f"the layer `{key}` is used by functions on {told}", hint, at_key=True
            )
        shared = context.data["defaults"]["function"]
        runtime, architecture = platforms[0] if platforms else (shared["runtime"], shared["architecture"])
        layers.append(
            Layer(key, context.name(key), label(key), path, settings["requirements"], runtime, architecture)
        )
    return tuple(layers)


def _platforms(context: Context, layer: str) -> list[tuple[str, str]]:
    """Runtime and architecture of each function that uses `layer`, without repeats."""
    found = {
        (function["runtime"], function["architecture"])
        for _, function, _ in context.entries("functions")
        if layer in function["layers"]
    }
    return sorted(found)


def resolve_tables(context: Context) -> tuple[Table, ...]:
    """The tables."""
    return tuple(
        Table(
            key,
            context.name(key),
            label(key),
            path,
            _key_attribute(settings["partition_key"]),
            _key_attribute(settings["sort_key"]) if settings.get("sort_key") else None,
            settings.get("ttl"),
            settings["point_in_time_recovery"],
        )
        for key, settings, path in context.entries("tables")
    )


def _key_attribute(setting: Mapping[str, str]) -> KeyAttribute:
    ((name, kind),) = setting.items()
    return KeyAttribute(name, _ATTRIBUTE_TYPES[kind])


def resolve_queues(context: Context) -> tuple[Queue, ...]:
    """The queues, each with its dead-letter queue."""
    return tuple(
        Queue(
            key,
            context.name(key),
            label(key),
            path,
            settings["max_receives"],
            settings.get("visibility_timeout", _visibility(context, key)),
            settings["retention_days"],
            context.name(f"{key}-dlq"),
            label(f"{key}-dlq"),
        )
        for key, settings, path in context.entries("queues")
    )


def _visibility(context: Context, queue: str) -> int:
    """Seconds of invisibility that the slowest consumer of `queue` needs; SQS's own 30 without one."""
    needed = [
        VISIBILITY_FACTOR * function["timeout"] + trigger["batch_window"]
        for _, function, _ in context.entries("functions")
        for trigger in function["triggers"]
        if trigger.get("queue") == queue
    ]
    return max(needed, default=30)


def resolve_topics(context: Context) -> tuple[Topic, ...]:
    """The topics with their subscriptions, which are labelled by what they are, not by their order."""
    return tuple(
        Topic(
            key,
            context.name(key),
            label(key),
            path,
            tuple(
                _subscription(key, protocol, endpoint)
                for subscription in settings["subscriptions"]
                for protocol, endpoint in subscription.items()
            ),
        )
        for key, settings, path in context.entries("topics")
    )


def _subscription(topic: str, protocol: str, endpoint: str) -> Subscription:
    readable = "".join(char if char.isascii() and char.isalnum() else "_" for char in endpoint)
    # Two addresses may differ only in what a name can't hold.
    digest = hashlib.sha256(endpoint.encode()).hexdigest()[:8]
    return Subscription(Label(f"{label(topic)}__{protocol}__{readable}_{digest}"), protocol, endpoint)


def resolve_buckets(context: Context, functions: tuple[Function, ...]) -> tuple[Bucket, ...]:
    """The buckets; a bucket has one set of notifications, so those of all functions come together here."""
    return tuple(
        Bucket(
            key,
            bucket_name(context, key),
            label(key),
            path,
            with_account(bucket_name(context, key)),
            settings.get("expire_days"),
            settings["versioned"],
            tuple(
                Notification(f"{function.key}-{index}", function.name, trigger.prefix, trigger.suffix)
                for function in functions
                for index, trigger in enumerate(function.bucket_triggers)
                if trigger.bucket == key
            ),
            tuple(
                dict.fromkeys(
                    f"aws_lambda_permission.{trigger.label}"
                    for function in functions
                    for trigger in function.bucket_triggers
                    if trigger.bucket == key
                )
            ),
        )
        for key, settings, path in context.entries("buckets")
    )
