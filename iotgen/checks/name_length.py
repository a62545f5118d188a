"""A name with its suffix is longer than AWS allows."""

from collections.abc import Iterator

from iotgen.checks.rule import Finding, Rule
from iotgen.model.names import AN_ACCOUNT
from iotgen.model.pipeline import Function, Path, Pipeline, Queue, Resource, Sources


def _limited(pipeline: Pipeline) -> Iterator[tuple[str, str, int, int, Resource]]:
    """What it is, its name, the least and the most characters, and the resource that it belongs to."""
    kinds: tuple[tuple[str, int, int, tuple[Resource, ...]], ...] = (
        ("a function", 1, 64, pipeline.functions),
        ("a table", 3, 255, pipeline.tables),
        ("a topic", 1, 256, pipeline.topics),
        ("a layer", 1, 140, pipeline.layers),
        ("an alarm", 1, 255, pipeline.alarms),
        ("a parameter", 1, 1011, pipeline.parameters),  # with what its ARN has before it
    )
    for kind, least, most, resources in kinds:
        for resource in resources:
            yield kind, resource.name, least, most, resource
    for bucket in pipeline.buckets:
        yield "a bucket", bucket.name.replace("{account}", AN_ACCOUNT), 3, 63, bucket
    holders: tuple[Queue | Function, ...] = (*pipeline.queues, *pipeline.functions)
    for holder in holders:
        yield "a dead-letter queue", holder.dead_letter_name, 1, 80, holder
    for endpoint in pipeline.endpoints:
        if pipeline.api:
            yield "the policy of its callers", endpoint.caller_name, 1, 128, pipeline.api


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
    fix="Choose another key, or another suffix.",
)
