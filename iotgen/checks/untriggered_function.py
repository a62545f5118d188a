"""Nothing invokes a function."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.deliveries import Delivery
from iotgen.kinds.endpoints import endpoints_of
from iotgen.kinds.functions import FUNCTIONS, Function
from iotgen.kinds.rules import Rule as TopicRule
from iotgen.kinds.workflows import Workflow
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity

# Services of AWS stand under `accept`; whoever calls by a role of their own needs nothing in the spec.
_HINT = (
    "Add a trigger or an endpoint, or remove it. If something outside of the spec invokes it, such as a "
    "custom resource, write `# iotgen: ignore IOT326 because ...` above it, or name a service under `accept`."
)


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each function without an endpoint, a trigger and a URL, which nothing else may invoke."""
    endpoints = endpoints_of(pipeline)
    called = {key for one in endpoints for key in (one.answering, one.authorizing)}
    called |= {key for rule in pipeline.all(TopicRule) for key in rule.called}
    called |= {
        grant.key
        for function in pipeline.all(Function)
        for grant in function.grants
        if grant.section == FUNCTIONS.section and grant.key != function.key
    }
    called |= {
        one.key
        for function in pipeline.all(Function)
        for one in function.destinations
        if one.section == FUNCTIONS.section and one.key != function.key
    }
    called |= {one.transform.key for one in pipeline.all(Delivery) if one.transform}
    called |= {
        grant.key
        for workflow in pipeline.all(Workflow)
        for grant in workflow.grants
        if grant.section == FUNCTIONS.section
    }
    for function in pipeline.all(Function):
        if function.key in called or f"{FUNCTIONS.address}.{function.label}" in sources.referred:
            continue
        if function.triggers or function.url or function.accepted or not pipeline.settled(function.path):
            continue
        message = f"nothing invokes `{function.key}`: it has no trigger and no endpoint"
        yield Finding(function.path, message, _HINT, at_key=True)


RULE = Rule(
    code="IOT326",
    severity=Severity.WARNING,
    summary="Nothing invokes this function.",
    why=(
        "A function runs when something invokes it: an endpoint, or a trigger such as a queue, a bucket or a "
        "schedule. Without any it is deployed with its role, its log group and its alarms, and never runs."
    ),
    fix="Add a trigger or an endpoint, or remove the function.",
    ignore="Something outside of the spec invokes it.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html",
    check=check,
)
