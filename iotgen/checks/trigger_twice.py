"""A resource triggers one function twice."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Named, Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.triggers import TRIGGERS


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each second trigger by the same resource, where AWS takes only one."""
    words = {kind.type: kind.word for kind in TRIGGERS}
    for function in pipeline.all(Function):
        seen: set[Named] = set()
        for trigger in function.triggers:
            if trigger.only is None:
                continue
            if trigger.only in seen:
                is_whole = trigger.only == trigger.resource
                what = (
                    f"`{trigger.only[1]}` already triggers"
                    if is_whole
                    else f"{trigger.subject} already trigger"
                )
                message = f"{what} `{function.key}`"
                path = (*trigger.path, words[type(trigger)])
                yield Finding(path, message, "Remove one of the two triggers.")
            seen.add(trigger.only)


RULE = Rule(
    code="IOT333",
    summary="A resource triggers the same function twice.",
    why=(
        "Lambda allows one event source mapping between a queue and a function, and SNS one subscription of "
        "a function to a topic. The second one is refused in the apply."
    ),
    fix="Remove one of the two triggers.",
    source="https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html",
    check=check,
)
