"""The reserved concurrency exceeds the default limit of an account."""

from collections.abc import Iterator

from iotgen.checks.account_limit import DEFAULT
from iotgen.checks.rule import Rule
from iotgen.kinds.functions import UNRESERVED, Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find reservations that need a higher limit."""
    reserving = [function for function in pipeline.all(Function) if function.reserved_concurrency]
    reserved = sum(function.reserved_concurrency or 0 for function in reserving)
    needed = reserved + UNRESERVED
    if needed > DEFAULT:
        message = (
            f"the functions reserve {reserved} concurrent executions, and {UNRESERVED} must stay unreserved: "
            f"together more than the {DEFAULT} that an account has by default"
        )
        hint = f"Reserve less, or request a limit of {needed} in Service Quotas before the first apply."
        yield Finding(reserving[0].setting("reserved_concurrency"), message, hint)


RULE = Rule(
    code="IOT324",
    severity=Severity.WARNING,
    summary="The reserved concurrency exceeds the default limit of an account.",
    why=(
        "An account has 1000 concurrent executions in a region by default, of which Lambda keeps 100 "
        "unreserved. Reservations of more than 900 in all fail in the apply until Service Quotas raises the "
        "limit."
    ),
    fix="Reserve less, or have Service Quotas raise the account's limit before the first apply.",
    ignore="Service Quotas has raised the limit of every account that the pipeline is deployed to.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    check=check,
)
