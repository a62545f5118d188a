"""A resource that nothing uses."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds import KINDS
from iotgen.kinds.buckets import Bucket
from iotgen.kinds.topics import Topic
from iotgen.kinds.wiring import Wire
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each resource that no function, trigger or alarm refers to."""
    sending = {wire.source for wire in pipeline.all(Wire)}
    accepting = {topic.path for topic in pipeline.all(Topic) if topic.accepted}
    accepting |= {one.path for one in pipeline.all(Bucket) if one.accepted or one.public is not None}
    for kind in KINDS:
        for resource in kind.of(pipeline) if kind.used_in else ():
            if f"{kind.address}.{resource.label}" in sources.referred or resource.path in sending:
                continue
            if resource.path in accepting:
                continue
            if (kind.section, resource.key) not in pipeline.referred and pipeline.settled(resource.path):
                message = f"nothing uses the {kind.noun} `{resource.key}`"
                yield Finding(resource.path, message, f"Add it to {kind.used_in}, or remove it.", at_key=True)


RULE = Rule(
    code="IOT385",
    severity=Severity.WARNING,
    summary="Nothing in the spec uses this resource.",
    why=(
        "The resource is deployed, may cost money and needs maintenance, although no function, trigger or "
        "alarm refers to it. Often a reference was forgotten."
    ),
    fix="Refer to it, or remove it.",
    ignore="Something outside of the spec uses it.",
    source="https://docs.aws.amazon.com/wellarchitected/2023-04-10/framework/cost_decomissioning_resources_implement_process.html",
    check=check,
)
