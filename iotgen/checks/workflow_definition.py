"""A workflow's definition is not one that Step Functions takes."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.workflows import Workflow
from iotgen.kinds.workflows.structure import faults
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find the faults of each definition that is there."""
    for workflow in pipeline.all(Workflow):
        definition = workflow.definition
        if definition.fault:
            yield definition.fault
        elif definition.data is not None:
            for fault in faults(definition.data):
                yield definition.at(fault.path, fault.message, fault.hint)


RULE = Rule(
    code="IOT491",
    summary="A workflow's definition is not one that Step Functions takes.",
    why=(
        "Step Functions refuses a definition that breaks the Amazon States Language in the middle of an "
        "apply: a state that is not there, one that nothing leads to or goes on nowhere, an unknown type."
    ),
    fix="Correct the definition where the message points.",
    source="https://states-language.net/spec.html",
    check=check,
)
