"""The name of a standard queue ends as that of a FIFO queue."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.queues import Queue
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each standard queue that is named as a FIFO queue."""
    for queue in pipeline.all(Queue):
        if queue.name.endswith(".fifo") and not queue.fifo:
            message = f"`{queue.name}` is the name of a FIFO queue, and `{queue.key}` is a standard queue"
            standard = queue.given.removesuffix(".fifo")
            hint = f'Set `fifo: true`, or write `name: "{standard}"`.'
            yield Finding(queue.named_at, message, hint)


RULE = Rule(
    code="IOT422",
    summary="The name of a standard queue ends as that of a FIFO queue.",
    why=(
        "Only the names of FIFO queues end in `.fifo`, and all of them do. SQS refuses a standard queue with "
        "such a name, in the middle of an apply."
    ),
    fix="Set `fifo: true`, or omit the ending.",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html",
    check=check,
)
