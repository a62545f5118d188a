"""A queue, a topic, a bucket or a function accepts what any of many resources sends."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.buckets import Bucket
from iotgen.kinds.functions import Function
from iotgen.kinds.queues import Queue
from iotgen.kinds.topics import Topic
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each source with a wildcard."""
    own = pipeline.all
    receivers: list[Queue | Topic | Bucket | Function] = [*own(Queue), *own(Topic)]
    receivers += [*own(Bucket), *own(Function)]
    for receiver in receivers:
        for one in receiver.accepted:
            for source in one.written:
                if "*" in source or "?" in source:
                    message = f"`{receiver.key}` accepts what {one.who} sends for all of `{source}`"
                    yield Finding((*one.path, "source"), message, "Name the resources by their ARNs.")


RULE = Rule(
    code="IOT474",
    severity=Severity.WARNING,
    summary="A source under `accept` has a wildcard.",
    why=(
        "A service sends for everyone who may use it, in any account. The ARN of the source alone keeps "
        "others from having it send here: messages that the pipeline takes for its own, and that cost money."
    ),
    fix="Name each source by its ARN, in a list.",
    ignore="All that match are yours, and there are too many to name.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    check=check,
)
