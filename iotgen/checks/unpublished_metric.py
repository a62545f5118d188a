"""An alarm watches a metric that its function publishes under another name."""

import re
from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.alarm import Alarm
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.spec.nearest import nearest
from iotgen.usage.mentions import mentions
from iotgen.usage.modules import read_code

_NAME = re.compile(r"[A-Za-z][\w.-]*")


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each metric that the code does not name, while it names a similar one.

    Code can build a name at run time, so a name unlike all others may be right.
    """
    functions = {function.key: function for function in pipeline.all(Function)}
    for part in (part for alarm in pipeline.all(Alarm) for part in alarm.measured):
        function = functions.get(str(part.dimensions.get("service")))
        if function is None:
            continue
        texts = _texts(function, sources)
        if any(part.metric in text for text in texts):
            continue
        likely = nearest(part.metric, sorted(filter(_NAME.fullmatch, texts)))
        if likely:
            message = f"`{function.key}` publishes no metric `{part.metric}`; did you mean `{likely}`?"
            hint = f"Write `metric: {likely}`."
            yield Finding((*part.path, "metric"), message, hint)


def _texts(function: Function, sources: Sources) -> frozenset[str]:
    code = read_code(function, sources)
    if code is None or not code.complete:
        return frozenset()
    environment = frozenset(value for value in function.environment.values() if isinstance(value, str))
    return mentions(code, environment).texts


RULE = Rule(
    code="IOT398",
    severity=Severity.WARNING,
    summary="An alarm watches a metric that its function publishes under another name.",
    why=(
        "A metric in the embedded metric format has the name that the function's code gives it. CloudWatch "
        "accepts an alarm on a metric that nothing publishes; it never goes off."
    ),
    fix="Write the name of the metric as the function's code has it.",
    ignore="The code builds the name at run time.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html",
    check=check,
)
