"""A choice of a workflow has no default."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.workflows import Workflow
from iotgen.kinds.workflows.structure import defaultless
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each Choice without `Default`."""
    for workflow in pipeline.all(Workflow):
        for path, name in defaultless(workflow.definition.data):
            message = f"an execution fails in `{name}` if none of its choices matches: it has no `Default`"
            yield workflow.definition.at(path, message, "Add `Default` with the name of a state.")


RULE = Rule(
    code="IOT492",
    severity=Severity.WARNING,
    summary="A choice of a workflow has no default.",
    why="Without `Default`, an input that no choice matches ends the execution with States.NoChoiceMatched.",
    fix="Add `Default` with the name of a state, which may be one of type Fail that says what is wrong.",
    ignore="The choices cover every input.",
    source="https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html",
    check=check,
)
