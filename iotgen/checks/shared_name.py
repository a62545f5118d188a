"""Environments would share a name on AWS."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds import KINDS
from iotgen.model.pipeline import Pipeline
from iotgen.model.resource import Resource
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find the first given name that every environment has; the others have the same reason."""
    given = [one for kind in KINDS for one in kind.of(pipeline) if one.given]
    shared = [one for one in given if "{suffix}" not in one.given]
    if shared:
        message = (
            f"{_listed(shared)} the same name in every environment: a second one of the same account cannot "
            "be deployed, or takes over what the first one has"
        )
        ending = ".fifo" if shared[0].given.endswith(".fifo") else ""
        better = f'"{shared[0].given.removesuffix(ending)}-{{suffix}}{ending}"'
        hint = f"Write `{better}`, or deploy each environment into an account of its own."
        yield Finding(shared[0].named_at, message, hint)


def _listed(shared: list[Resource]) -> str:
    first = f"`{shared[0].key}`"
    if len(shared) == 1:
        return f"{first} has"
    return f"{first} and {len(shared) - 1} more have"


RULE = Rule(
    code="IOT421",
    severity=Severity.WARNING,
    summary="Environments would share a name on AWS.",
    why=(
        "Names are unique in an account and region, those of buckets in all of AWS. Most services refuse a "
        "second resource of a name. SNS and SQS do not where its settings are the same: they answer with "
        "the one that is there, and both environments then use it, and destroy it."
    ),
    fix="Put `{suffix}` into the name, which is filled in by the environment's suffix.",
    ignore="There is one environment in each account, and no bucket is among them.",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html",
    check=check,
)
