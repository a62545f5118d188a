"""A function puts records into the delivery that it transforms."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.deliveries import SECTION, Delivery
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each delivery whose function may put records into it."""
    granted = {
        function.key: {grant.key for grant in function.grants if grant.section == SECTION}
        for function in pipeline.all(Function)
    }
    for delivery in pipeline.all(Delivery):
        if delivery.transform and delivery.key in granted.get(delivery.transform.key, ()):
            message = f"`{delivery.transform.key}` transforms `{delivery.key}`, and puts records into it, too"
            hint = "Have another function put them, or return more lines in `data`."
            yield Finding((*delivery.path, "transform"), message, hint)


RULE = Rule(
    code="IOT470",
    summary="A function puts records into the delivery that it transforms.",
    why=(
        "Each record that it puts comes back to it: an endless loop. And neither the function nor the "
        "delivery could be made first, since each names the other: Terraform refuses the cycle."
    ),
    fix="Have another function put the records, or return more lines in the `data` of a record.",
    source="https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html",
    check=check,
)
