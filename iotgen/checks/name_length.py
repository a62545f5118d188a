"""A name with its suffix is longer than AWS allows."""

from collections.abc import Iterator

from iotgen.checks.rule import Finding, Rule
from iotgen.model.pipeline import Path, Pipeline, Resource, Sources


def _limited(pipeline: Pipeline) -> Iterator[tuple[str, str, int, int, Resource]]:
    """What it is, its name, the least and the most characters, and the resource that it belongs to."""
    for function in pipeline.functions:
        yield "a function", function.name, 1, 64, function
        yield "its dead-letter queue", function.dead_letter_name, 1, 80, function
    for table in pipeline.tables:
        yield "a table", table.name, 3, 255, table
    for queue in pipeline.queues:
        yield "a dead-letter queue", queue.dead_letter_name, 1, 80, queue
    for bucket in pipeline.buckets:
        yield "a bucket", bucket.name, 3, 63, bucket
    for topic in pipeline.topics:
        yield "a topic", topic.name, 1, 256, topic
    for layer in pipeline.layers:
        yield "a layer", layer.name, 1, 140, layer
    for alarm in pipeline.alarms:
        yield "an alarm", alarm.name, 1, 255, alarm


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each name that is too long or too short; one for each resource."""
    told: set[Path] = set()
    for kind, name, least, most, resource in _limited(pipeline):
        if least <= len(name) <= most or resource.path in told:
            continue
        told.add(resource.path)
        bound = f"at most {most}" if len(name) > most else f"at least {least}"
        said = f"`{name}` has {len(name)} characters; the name of {kind} has {bound}, its suffix included"
        yield Finding(resource.path, said, "choose another key", at_key=True)


RULE = Rule(
    "IOT310",
    "Names keep to AWS's lengths, with their suffix.",
    "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html",
    check,
)
