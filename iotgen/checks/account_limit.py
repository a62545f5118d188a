"""The concurrency limit that the account needs for the reservations."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import UNRESERVED, Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity

# The limit of an account by default.
DEFAULT = 1000


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Report the limit that the account must have, where the default is enough."""
    reserving = [function for function in pipeline.all(Function) if function.reserved_concurrency]
    reserved = sum(function.reserved_concurrency or 0 for function in reserving)
    needed = reserved + UNRESERVED
    if reserving and needed <= DEFAULT:
        message = (
            f"the functions reserve {reserved} concurrent executions, so the account's limit must be at "
            f"least {needed}; new accounts often start at 10"
        )
        hint = "Check the limit with `aws lambda get-account-settings`, and raise it in Service Quotas."
        yield Finding(reserving[0].setting("reserved_concurrency"), message, hint)


RULE = Rule(
    code="IOT323",
    severity=Severity.INFO,
    summary="The account needs room for the reserved concurrency.",
    why=(
        "Reserved concurrency comes out of the account's limit of concurrent executions in a region, of "
        "which Lambda keeps 100 unreserved. New accounts often have a lower limit than the default of 1000; "
        "a reservation that does not fit fails in the apply."
    ),
    fix="Check the limit with `aws lambda get-account-settings`, and raise it in Service Quotas.",
    ignore="You know that the account's limit is high enough.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    check=check,
)
