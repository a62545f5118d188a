"""A bucket that exists already triggers a function."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.buckets import BUCKETS
from iotgen.kinds.functions import Function
from iotgen.model.outside import Outside
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.triggers.bucket import BucketTrigger


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find the first trigger of each bucket that exists already."""
    outside = {one.key: one for one in pipeline.all(Outside) if one.section == BUCKETS.section}
    triggers = [trigger for function in pipeline.all(Function) for trigger in function.by(BucketTrigger)]
    for trigger in {one.key: one for one in reversed(triggers)}.values():
        if trigger.key in outside:
            message = (
                f"an apply replaces all notifications that the bucket `{outside[trigger.key].name}` has "
                "by those of this spec, and a destroy removes them"
            )
            hint = (
                "Ignore this if nothing else is notified of its objects; otherwise let the bucket notify "
                "EventBridge or a queue, and trigger by that."
            )
            yield Finding((*trigger.path, "bucket"), message, hint)


RULE = Rule(
    code="IOT416",
    severity=Severity.WARNING,
    summary="A bucket that exists already triggers a function.",
    why=(
        "S3 keeps one configuration of notifications for each bucket, and a change replaces all of it. "
        "Terraform cannot add to those that something else has set: they would stop, without an error."
    ),
    fix="Let the bucket notify EventBridge, a queue or a topic that is made with it, and trigger by that.",
    ignore="Nothing else is notified of the bucket's objects.",
    source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html",
    check=check,
)
