"""A queue triggers one function twice."""

from collections.abc import Iterator

from iotgen.checks.rule import Finding, Rule
from iotgen.model.pipeline import Pipeline, Sources


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each second trigger by the same queue."""
    for function in pipeline.functions:
        seen: set[str] = set()
        for trigger in function.queue_triggers:
            if trigger.queue.key in seen:
                said = f"`{trigger.queue.key}` triggers `{function.key}` already"
                yield Finding((*trigger.path, "queue"), said, "remove one of the two triggers")
            seen.add(trigger.queue.key)


RULE = Rule(
    "IOT333",
    "A queue triggers a function once.",
    "https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html",
    check,
    fix="Remove one of the two triggers.",
)
