"""A function may not read the objects that trigger it."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.buckets import BUCKETS
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.triggers.bucket import BucketTrigger
from iotgen.triggers.notices import EVENTS
from iotgen.usage.modules import read_code

# Of what is gone nothing can be read.
_GONE = frozenset({EVENTS["removed"], EVENTS["expired"]})


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each prefix that triggers a function and is not under one that it may read.

    Only of functions whose code reads objects: others may do with their names.
    """
    for function in pipeline.all(Function):
        if not _reads(function, sources):
            continue
        readable = {
            grant.key: str(grant.verb["read"])
            for grant in function.grants
            if grant.section == BUCKETS.section and "read" in grant.verb
        }
        for trigger in function.by(BucketTrigger):
            may = readable.get(trigger.key)
            if (may is not None and trigger.prefix.startswith(may)) or not pipeline.settled(function.path):
                continue
            if not _GONE.issuperset(trigger.kinds):
                yield _finding(function, trigger)


def _reads(function: Function, sources: Sources) -> bool:
    """Whether the code calls an operation by which objects are read; not known of code that is not read."""
    code = read_code(function, sources)
    used = frozenset().union(*(one.facts.names for one in code.modules.values())) if code else frozenset()
    return BUCKETS.access is not None and not used.isdisjoint(BUCKETS.access.verbs["read"].methods)


def _finding(function: Function, trigger: BucketTrigger) -> Finding:
    under = f"under `{trigger.prefix}`" if trigger.prefix else f"of `{trigger.key}`"
    message = f"`{function.key}` may not read the objects {under} that trigger it"
    verb = f"{{read: {trigger.prefix}}}" if trigger.prefix else "read"
    hint = f"Add `buckets: {{{trigger.key}: {verb}}}` to its `access`."
    return Finding((*trigger.path, "prefix" if trigger.prefix else "bucket"), message, hint)


RULE = Rule(
    code="IOT363",
    severity=Severity.WARNING,
    summary="A function reads objects, and may not read those that trigger it.",
    why=(
        "An S3 event names the object but does not contain it. To read it, the function needs "
        "`s3:GetObject` under the trigger's prefix; without it S3 answers `AccessDenied`. iotgen says so "
        "where the function's code reads objects."
    ),
    fix="Let the function read the prefix: add it to `access`.",
    ignore="The function reads other objects, and needs only the names of these.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/with-s3.html",
    check=check,
)
