"""A function that transforms a delivery's records may run longer than Firehose waits."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.deliveries import Delivery
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity

# https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
_MOST = 300


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each delivery whose function has a longer timeout than Firehose."""
    timeouts = {one.key: one.timeout for one in pipeline.all(Function)}
    for delivery in pipeline.all(Delivery):
        if delivery.transform and timeouts.get(delivery.transform.key, 0) > _MOST:
            key = delivery.transform.key
            message = f"the timeout of `{key}` is {timeouts[key]} s, but Firehose waits {_MOST} s for it"
            hint = f"Set its `timeout` to at most {_MOST}."
            yield Finding((*delivery.path, "transform"), message, hint)


RULE = Rule(
    code="IOT469",
    severity=Severity.WARNING,
    summary="Firehose waits five minutes for a function.",
    why=(
        "Firehose calls the function that transforms records and waits up to five minutes. A call that lasts "
        "longer has failed: Firehose calls again, three times, and then puts the batch among the errors."
    ),
    fix="Set the function's `timeout` to at most 300 seconds.",
    ignore="Only other callers of the function take longer.",
    source="https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html",
    check=check,
)
