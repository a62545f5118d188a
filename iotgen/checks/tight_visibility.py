"""The visibility timeout of a queue leaves Lambda no time to try again."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.checks.visibility_timeout import consumed, finding
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each queue whose visibility timeout is under six of its consumer's timeouts and the window."""
    for queue, function, recommended in consumed(pipeline):
        if function.timeout <= queue.visibility_timeout < recommended:
            yield finding(queue, function, recommended, "be throttled")


RULE = Rule(
    code="IOT329",
    severity=Severity.WARNING,
    summary="The visibility timeout of a queue leaves Lambda no time to try again.",
    why=(
        "AWS recommends a visibility timeout of at least six times the function's timeout, plus the batch "
        "window, so that Lambda can retry while the function is throttled. With a shorter one, such messages "
        "are handled twice."
    ),
    fix="Omit `visibility_timeout`: it follows from the consumer.",
    ignore="The function is hardly ever throttled, and may handle a message twice.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    check=check,
)
