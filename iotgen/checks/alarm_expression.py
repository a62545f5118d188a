"""The expression of an alarm is not one that CloudWatch takes."""

import re
from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.model.alarm import Alarm
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.spec.nearest import nearest

_TEXT = re.compile(r"\"[^\"]*\"|'[^']*'")
# Functions and keywords are in capitals, the names of metrics begin with a small letter.
_NAME = re.compile(r"(?<![\w.])[a-z]\w*(?!\w|\s*\()")
_SEARCH = re.compile(r"(?<!\w)SEARCH\s*\(")


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each name that an expression has for nothing, and what no alarm can be on."""
    for alarm in pipeline.all(Alarm):
        path = (*alarm.path, "expression")
        plain = _TEXT.sub("", alarm.expression)
        known = [part.id for part in alarm.parts]
        for name in dict.fromkeys(_NAME.findall(plain)):
            if name not in known:
                near = nearest(name, known)
                asked = f"; did you mean `{near}`?" if near else ""
                hint = f"Write `{near}`." if near else f"Add it to `of`, or use one of: {', '.join(known)}."
                yield Finding(path, f"`{name}` of the expression is not a metric in `of`{asked}", hint)
        if _SEARCH.search(plain):
            message = f"`{alarm.key}` cannot be an alarm on what SEARCH finds"
            yield Finding(path, message, "Name each metric under `of`.")
        if plain.count("(") != plain.count(")"):
            message = f"the expression of `{alarm.key}` has a parenthesis without its counterpart"
            yield Finding(path, message, "Add the missing one, or remove the other.")


RULE = Rule(
    code="IOT479",
    summary="The expression of an alarm is not one that CloudWatch takes.",
    why=(
        "CloudWatch calculates an expression of the metrics that stand beside it, at most ten, and an alarm "
        "needs one result. It refuses names of other metrics, SEARCH, which finds several, and what is not "
        "an expression, in the middle of an apply."
    ),
    fix="Correct the expression, or add the metric to `of`.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html",
    check=check,
)
