"""Access logs: where S3 writes a log of each request to a bucket.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.kinds.buckets.naming import full_name
from iotgen.model.arn import ACCOUNT, bucket_arn
from iotgen.model.context import Context, label
from iotgen.model.drawing import Edge, Relation
from iotgen.model.expression import Expression, Joined, Label, joined
from iotgen.model.policy import Statement
from iotgen.problem import Path


@dataclass(frozen=True)
class AccessLogs:
    """The bucket `key` that takes the access logs of another, and what their keys begin with.

    `target` is its name. `label` is that of its policy, None for one that exists already.
    """

    key: str
    target: str | Expression
    prefix: Joined
    label: Label | None
    path: Path


def access_logs(context: Context, key: str) -> AccessLogs | None:
    """Where the logs of a bucket go, None if it has none."""
    written = context.data["buckets"][key].get("access_logs")
    path = ("buckets", key, "access_logs")
    if written is None or not context.has("buckets", written["bucket"], (*path, "bucket")):
        return None
    target = written["bucket"]
    return AccessLogs(
        key=target,
        target=context.attribute("buckets", target, "id"),
        prefix=_prefix(context, key, written),
        label=None if context.existing("buckets", target) else label(target),
        path=path,
    )


def taken_logs(context: Context, key: str) -> Iterator[Statement]:
    """Permission for S3 to write the logs of the buckets that name this one, and of no others.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    """
    sources = {
        full_name(context, one): _prefix(context, one, settings["access_logs"])
        for one, settings in context.data["buckets"].items()
        if settings.get("access_logs", {}).get("bucket") == key
    }
    if sources:
        yield Statement(
            "TakeAccessLogs",
            ("s3:PutObject",),
            tuple(joined(context.arn("buckets", key), "/", prefix, "*") for prefix in sources.values()),
            (
                ("ArnLike", "aws:SourceArn", tuple(map(bucket_arn, sources))),
                ("StringEquals", "aws:SourceAccount", (ACCOUNT,)),
            ),
            principal=("Service", "logging.s3.amazonaws.com"),
        )


def _prefix(context: Context, key: str, written: Mapping[str, Any]) -> Joined:
    first, *rest = context.filled(written["prefix"]).split("{bucket}")
    prefix = joined(first)
    for part in rest:
        prefix = joined(prefix, full_name(context, key), part)
    return prefix


def logs_drawing(path: Path, logs: AccessLogs | None) -> Iterator[Edge]:
    """From a bucket to the one that takes its logs."""
    if logs:
        head = ("buckets", logs.key)
        yield Edge(tail=path, head=head, text="access logs", accent=path, relation=Relation.NOTICE)
