"""A trigger with a tumbling window processes several batches of a shard at a time."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.triggers.records import RecordTrigger


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each trigger that has both."""
    for function in pipeline.all(Function):
        for trigger in function.triggers:
            if isinstance(trigger, RecordTrigger) and trigger.tumbling_window and trigger.parallelization > 1:
                message = (
                    f"`parallelization` cannot be {trigger.parallelization} beside a `tumbling_window`: "
                    "the state goes from one batch of a shard to the next"
                )
                hint = "Omit `parallelization`, or `tumbling_window`."
                yield Finding((*trigger.path, "parallelization"), message, hint)


RULE = Rule(
    code="IOT490",
    summary="A tumbling window stands beside parallel batches.",
    why=(
        "In a tumbling window, each batch of a shard gets the state that the one before returned, so they "
        "cannot be processed at the same time. Lambda takes a window with a parallelization of 1 only."
    ),
    fix="Omit `parallelization`, or `tumbling_window`.",
    # AWS's page on windows does not say it; whoever uses the API learns it from its answer.
    source="https://github.com/terraform-aws-modules/terraform-aws-lambda/issues/619",
    check=check,
)
