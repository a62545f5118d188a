"""A policy is attached for what iotgen derives."""

from collections.abc import Iterator, Mapping

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity

_LOG, _TRACES = "write its own log", "write traces"
# https://docs.aws.amazon.com/lambda/latest/dg/security-iam-awsmanpol.html
_ALWAYS: Mapping[str, str] = {
    "AWSLambdaBasicExecutionRole": _LOG,
    "AWSXRayDaemonWriteAccess": _TRACES,
    "AWSXrayWriteOnlyAccess": _TRACES,
}
_OF_VPC = frozenset({"AWSLambdaENIManagementAccess", "AWSLambdaVPCAccessExecutionRole"})
# By the section of what triggers the function.
_TRIGGERED: Mapping[str, tuple[str, str]] = {
    "AWSLambdaDynamoDBExecutionRole": ("tables", "table"),
    "AWSLambdaKinesisExecutionRole": ("streams", "stream"),
    "AWSLambdaSQSQueueExecutionRole": ("queues", "queue"),
}


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each policy of AWS for Lambda whose purpose the derived role serves."""
    for function in pipeline.all(Function):
        for policy in () if function.runs_as.existing else function.managed:
            if policy.of_aws and (purpose := _derived(function, policy.name)):
                message = f"`{policy.name}` is not needed: iotgen lets each such function {purpose}"
                yield Finding(policy.path, message, "Remove it.")


def _derived(function: Function, policy: str) -> str:
    """What the policy is for, if iotgen derives it for the function; empty if not."""
    if policy in _OF_VPC:
        return "connect to its VPC" if function.vpc else ""
    if policy in _TRIGGERED:
        section, noun = _TRIGGERED[policy]
        sections = {one.resource[0] for one in function.triggers if one.resource}
        return f"read the {noun} that triggers it" if section in sections else ""
    return _ALWAYS.get(policy, "")


RULE = Rule(
    code="IOT374",
    severity=Severity.WARNING,
    summary="A policy is attached for what iotgen derives.",
    why=(
        "AWS's policies for Lambda allow writing to every log group, or reading from every queue, of the "
        "account. iotgen derives the same, for the function's own log and its own triggers alone."
    ),
    fix="Remove the policy.",
    ignore="The code itself does more of this, with resources that the spec does not have.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/security-iam-awsmanpol.html",
    check=check,
)
