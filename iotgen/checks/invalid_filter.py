"""A trigger's filter is none that Lambda takes, or that looks at what a record does not have."""

from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.model.trigger import Trigger
from iotgen.problem import Finding, Path
from iotgen.triggers.pattern import FILTER_COMPARISONS, faults
from iotgen.triggers.queue import QueueTrigger
from iotgen.triggers.records import RecordTrigger
from iotgen.triggers.stream import StreamTrigger
from iotgen.triggers.table import TableTrigger

# The fields at which a filter can look, and where fields of one's own are.
# https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
# https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html
# https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html
_TABLE = ("dynamodb", "eventName", "eventID", "eventVersion", "eventSource", "awsRegion", "userIdentity")
_FIELDS: Mapping[type[Trigger], tuple[tuple[str, ...], str, str]] = {
    QueueTrigger: (("body",), "a message", "body: {{{field}: [VALUE]}}"),
    StreamTrigger: (("data",), "a record", "data: {{{field}: [VALUE]}}"),
    TableTrigger: (_TABLE, "a change", "dynamodb: {{NewImage: {{{field}: {{S: [VALUE]}}}}}}"),
}


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each fault of a filter, and each field that a record does not have."""
    for function in pipeline.all(Function):
        for trigger in function.triggers:
            if not isinstance(trigger, QueueTrigger | RecordTrigger):
                continue
            several = len(trigger.filters) > 1
            for index, pattern in enumerate(trigger.filters):
                path = (*trigger.path, "filter", index) if several else (*trigger.path, "filter")
                yield from _findings(trigger, path, pattern)


def _findings(trigger: Trigger, path: Path, pattern: Mapping[str, Any]) -> Iterator[Finding]:
    fields, noun, own = _FIELDS[type(trigger)]
    for field in pattern:
        if field not in fields and field != "$or":
            message = f"a filter cannot look at `{field}` of {noun}"
            yield Finding((*path, field), message, f"Write `{own.format(field=field)}`.", at_key=True)
    for fault in faults(pattern, (), FILTER_COMPARISONS):
        yield Finding((*path, *fault.path), fault.message, fault.hint)


RULE = Rule(
    code="IOT403",
    summary="A trigger's filter is none that Lambda takes, or looks at what a record does not have.",
    why=(
        "Lambda refuses a pattern that it cannot read in the apply. A pattern on a field that a record does "
        "not have never matches, and what matches no filter is lost: Lambda deletes it from a queue, and "
        "skips it in a stream."
    ),
    fix="Write the pattern on the field that has the content: `body`, `data` or `dynamodb`.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html",
    check=check,
)
