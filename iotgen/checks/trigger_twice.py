"""A queue triggers one function twice."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.triggers.queue import QueueTrigger
from iotgen.triggers.records import RecordTrigger


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each second trigger by the same queue."""
    for function in pipeline.all(Function):
        seen: set[tuple[str, str]] = set()
        for trigger in function.triggers:
            if not isinstance(trigger, QueueTrigger | RecordTrigger):
                continue
            resource = (trigger.section, trigger.key)
            if resource in seen:
                message = f"`{trigger.key}` already triggers `{function.key}`"
                yield Finding(
                    (*trigger.path, trigger.section.removesuffix("s")),
                    message,
                    "Remove one of the two triggers.",
                )
            seen.add(resource)


RULE = Rule(
    code="IOT333",
    summary="A queue triggers the same function twice.",
    why=(
        "Lambda allows one event source mapping between a queue and a function. It refuses the second one "
        "in the apply."
    ),
    fix="Remove one of the two triggers.",
    source="https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html",
    check=check,
)
