"""The records of asynchronous calls go to a FIFO queue."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.queues import is_fifo
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each FIFO queue among the destinations of a function."""
    for function in pipeline.all(Function):
        for one in function.destinations:
            if one.section == "queues" and is_fifo(pipeline, one.key):
                message = f"`{one.key}` is a FIFO queue, to which Lambda reports no call"
                yield Finding(one.path, message, "Report to a standard queue.")


RULE = Rule(
    code="IOT404",
    summary="The records of asynchronous calls go to a FIFO queue.",
    why=(
        "Lambda sends the records of asynchronous calls to standard queues only. From a FIFO queue they are "
        "missing, and nothing but the metric DestinationDeliveryFailures tells."
    ),
    fix="Report to a standard queue, or to a function that sends to the FIFO queue.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html",
    check=check,
)
