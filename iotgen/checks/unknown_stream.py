"""A table that exists already, and is known by its ARN, triggers a function."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.outside import Outside
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.triggers.table import TableTrigger


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each such trigger."""
    outside = {(one.section, one.key): one for one in pipeline.all(Outside)}
    for function in pipeline.all(Function):
        for trigger in function.by(TableTrigger):
            table = outside.get((trigger.section, trigger.key))
            if table and not table.read:
                message = f"the stream of `{table.key}` is not known: its table is given by an ARN"
                yield Finding((*trigger.path, "table"), message, f"Write `existing: {table.name}`.")


RULE = Rule(
    code="IOT468",
    summary="A table that is given by its ARN triggers a function.",
    why=(
        "The ARN of a table's stream has the time at which it was turned on, which only DynamoDB knows. "
        "Terraform looks it up by the table's name, in the account and region of the pipeline."
    ),
    fix="Give the table by its name.",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html",
    check=check,
)
