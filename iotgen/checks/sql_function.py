"""A rule's SQL calls a Lambda function that does not permit it, or none at all."""

import re
from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.iot_sql import Invocation
from iotgen.kinds.functions import Function
from iotgen.kinds.rules import Rule as TopicRule
from iotgen.kinds.rules.invoked import REFERENCE
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

_ARN = re.compile(r"arn:aws[a-z-]*:lambda:(?P<region>[a-z0-9-]+):\d{12}:function:(?P<name>[\w-]+)(:[\w$-]+)?")


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each call of `aws_lambda` that AWS IoT may not or cannot make."""
    for rule in pipeline.all(TopicRule):
        for one in rule.query.invocations:
            if not REFERENCE.fullmatch(one.function) and (found := _fault(pipeline, one)):
                yield Finding(rule.sql_path, *found, within=(rule.sql, one.at))


def _fault(pipeline: Pipeline, one: Invocation) -> tuple[str, str] | None:
    match = _ARN.fullmatch(one.function)
    if match is None:
        message = f"`aws_lambda` takes the ARN of a function, not `{one.function}`"
        return message, 'Name a function of the spec: `aws_lambda("${functions.KEY}", *)`.'
    if match["region"] != pipeline.region:
        message = f"this function is in {match['region']}, but the rule is in {pipeline.region}"
        return message, f"Use one in {pipeline.region}."
    own = next((f.key for f in pipeline.all(Function) if f.name == match["name"]), None)
    if own is None:
        return None
    message = f"the function `{own}` does not permit the rule to call it by a written ARN"
    return message, f"Write `${{functions.{own}}}` in its place."


RULE = Rule(
    code="IOT488",
    summary="A rule's SQL calls a Lambda function that does not permit it, or none at all.",
    why=(
        "AWS IoT calls a function of its own region, by its ARN, which has to permit the rule. iotgen makes "
        "the permission for functions that the SQL refers to by their keys."
    ),
    fix='Refer to the function by its key, as in `aws_lambda("${functions.decode}", *)`.',
    source="https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-func-aws-lambda",
    check=check,
)
