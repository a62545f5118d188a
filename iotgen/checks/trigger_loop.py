"""A function writes to what triggers it."""

from collections.abc import Iterator

from iotgen.checks.rule import Finding, Rule
from iotgen.model.pipeline import Function, Path, Pipeline, Sources


def writes(function: Function) -> Iterator[tuple[str, str, str, Path]]:
    """Section, key, name or prefix, and place of each queue and bucket that the function may write to."""
    for grant in function.grants:
        path = (*function.path, "access", grant.section, grant.key)
        if grant.section == "queues" and grant.verb == "send":
            yield grant.section, grant.key, grant.key, path
        if grant.section == "buckets" and "write" in grant.verb:
            yield grant.section, grant.key, grant.verb["write"], (*path, "write")


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each function that could call itself for ever."""
    for function in pipeline.functions:
        queues = {trigger.queue.key for trigger in function.queue_triggers}
        for section, key, name, path in writes(function):
            looped = key in queues if section == "queues" else _under(function, key, name)
            if looped:
                said = (
                    f"`{function.key}` writes to `{name}`, which triggers it: it would call itself for ever"
                )
                yield Finding(path, said, "write to another queue or prefix")


def _under(function: Function, bucket: str, prefix: str) -> bool:
    return any(
        trigger.bucket == bucket and (prefix.startswith(trigger.prefix) or trigger.prefix.startswith(prefix))
        for trigger in function.bucket_triggers
    )


RULE = Rule(
    "IOT361",
    "No function writes to its own trigger.",
    "https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html",
    check,
    fix="Write to another queue or prefix.",
)
