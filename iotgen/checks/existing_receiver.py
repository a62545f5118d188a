"""A topic or a bucket sends to a queue or topic that exists already."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.wiring import Wire
from iotgen.model.outside import Outside
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each queue and topic whose policy iotgen does not write."""
    outside = {(one.section, one.key) for one in pipeline.all(Outside)}
    for wire in pipeline.all(Wire):
        if wire.target in outside:
            section, key = wire.target
            action = "sqs:SendMessage" if section == "queues" else "sns:Publish"
            service = "sns" if wire.source[0] == "topics" else "s3"
            message = f"`{key}` exists already: its own policy must let `{wire.source[1]}` send to it"
            hint = (
                f"Allow `{action}` for {service}.amazonaws.com there, on the condition of its aws:SourceArn."
            )
            yield Finding((*wire.path, section.removesuffix("s")), message, hint)


RULE = Rule(
    code="IOT466",
    severity=Severity.WARNING,
    summary="A topic or a bucket sends to a queue or topic that exists already.",
    why=(
        "What may send to a queue or a topic is in its policy, which is one text. iotgen writes it for what "
        "it makes, and leaves that of others alone. S3 refuses a notification whose receiver does not allow "
        "it; SNS takes the subscription, and its messages are lost."
    ),
    fix="Add the statement to the policy, where the queue or topic is made.",
    ignore="The policy allows it already.",
    source="https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html",
    check=check,
)
