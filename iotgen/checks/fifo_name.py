"""The name of a standard queue or topic ends as that of a FIFO one."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.queues import Queue
from iotgen.kinds.topics import Topic
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each standard queue and topic that is named as a FIFO one."""
    queues = [(one, "queue", one.fifo) for one in pipeline.all(Queue)]
    topics = [(one, "topic", one.fifo) for one in pipeline.all(Topic)]
    for one, noun, fifo in (*queues, *topics):
        if one.name.endswith(".fifo") and not fifo:
            message = f"`{one.name}` is the name of a FIFO {noun}, and `{one.key}` is a standard {noun}"
            standard = one.given.removesuffix(".fifo")
            hint = f'Set `fifo: true`, or write `name: "{standard}"`.'
            yield Finding(one.named_at, message, hint)


RULE = Rule(
    code="IOT422",
    summary="The name of a standard queue or topic ends as that of a FIFO one.",
    why=(
        "Only the names of FIFO queues and topics end in `.fifo`, and all of them do. AWS refuses a standard "
        "one with such a name, in the middle of an apply."
    ),
    fix="Set `fifo: true`, or omit the ending.",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html",
    check=check,
)
