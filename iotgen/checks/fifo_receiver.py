"""A standard topic or a bucket sends to a FIFO queue."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.queues import Queue, is_fifo
from iotgen.kinds.topics import is_fifo_topic
from iotgen.kinds.wiring import Wire
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each FIFO queue that a topic or a bucket sends to."""
    for wire in pipeline.all(Wire):
        section, key = wire.target
        if section == "queues" and is_fifo(pipeline, key) and not _is_ordered(pipeline, wire):
            what = "SNS" if wire.source[0] == "topics" else "S3"
            message = f"`{key}` is a FIFO queue, to which {what} does not send from `{wire.source[1]}`"
            yield Finding((*wire.path, "queue"), message, "Send to a standard queue.")
    for queue in pipeline.all(Queue):
        for one in queue.accepted if queue.fifo else ():
            if one.principal == "s3.amazonaws.com":
                message = f"`{queue.key}` is a FIFO queue, to which S3 does not send"
                yield Finding((*one.path, "service"), message, "Send to a standard queue.")


def _is_ordered(pipeline: Pipeline, wire: Wire) -> bool:
    section, key = wire.source
    return section == "topics" and is_fifo_topic(pipeline, key)


RULE = Rule(
    code="IOT465",
    summary="A standard topic or a bucket sends to a FIFO queue.",
    why=(
        "S3 sends events to standard queues only, and a standard topic delivers to standard queues only: "
        "neither has a group for its messages. AWS refuses the notification or the subscription."
    ),
    fix="Send to a standard queue, or make the topic a FIFO topic.",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html",
    check=check,
)
