"""A resource that nothing uses."""

from collections.abc import Iterator

from iotgen.checks.rule import Finding, Rule
from iotgen.model.pipeline import Pipeline, Resource, Sources
from iotgen.problem import Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each that no function, trigger or alarm refers to."""
    kinds: tuple[tuple[str, str, tuple[Resource, ...], str], ...] = (
        ("parameters", "parameter", pipeline.parameters, "the `access` of the function that reads it"),
        ("layers", "layer", pipeline.layers, "the `layers` of a function or of the defaults"),
        ("tables", "table", pipeline.tables, "the `access` of the functions that use it"),
        ("queues", "queue", pipeline.queues, "the `access` or the `triggers` of a function"),
        ("topics", "topic", pipeline.topics, "the `access` of a function, or as `notify` in `alarms`"),
        ("buckets", "bucket", pipeline.buckets, "the `access` or the `triggers` of a function"),
    )
    for section, noun, resources, where in kinds:
        for resource in resources:
            if (section, resource.key) not in pipeline.referred and pipeline.settled(resource.path):
                said = f"nothing uses the {noun} `{resource.key}`"
                yield Finding(resource.path, said, f"name it in {where}, or remove it", at_key=True)


RULE = Rule(
    "IOT385",
    "Something uses each resource.",
    "https://docs.aws.amazon.com/wellarchitected/2023-04-10/framework/cost_decomissioning_resources_implement_process.html",
    check,
    Severity.WARNING,
    fix="Refer to it, or remove it.",
)
