"""A queue subscribes to a topic twice."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.wiring import Wire
from iotgen.model.pipeline import Named, Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each second subscription of a queue to the same topic."""
    seen: set[tuple[Named, Named]] = set()
    for wire in pipeline.all(Wire):
        ends = (wire.source, wire.target)
        if wire.notice is None and ends in seen:
            message = f"`{wire.target[1]}` already subscribes to `{wire.source[1]}`"
            hint = "Join the two filters: a list of values matches any of them."
            word = "queue" if wire.target[0] == "queues" else "delivery"
            yield Finding((*wire.path, word), message, hint)
        seen.add(ends)


RULE = Rule(
    code="IOT467",
    summary="A queue subscribes to a topic twice.",
    why=(
        "A topic has one subscription for each endpoint. Subscribing it again returns the first one, or is "
        "refused where the filter differs."
    ),
    fix="Join the two: a filter lists all values that match.",
    source="https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html",
    check=check,
)
