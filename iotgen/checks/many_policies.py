"""A role has more managed policies than AWS usually allows."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions.managed import USUAL_QUOTA
from iotgen.kinds.roles import permitted
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each role with too many."""
    for holder in permitted(pipeline):
        if len(holder.managed) > USUAL_QUOTA:
            message = (
                f"the role of `{holder.key}` would have {len(holder.managed)} managed policies; "
                f"AWS allows {USUAL_QUOTA}, unless the account's quota is raised"
            )
            hint = "Attach fewer, or raise `Managed policies per role` of IAM in Service Quotas."
            yield Finding(holder.managed[USUAL_QUOTA].path, message, hint)


RULE = Rule(
    code="IOT375",
    severity=Severity.WARNING,
    summary="A role has more managed policies than AWS usually allows.",
    why=(
        "An account may attach 10 managed policies to a role, and 20 once its quota is raised. The apply "
        "fails at the next one, with `LimitExceeded`. `iotgen preflight` asks for the account's quota."
    ),
    fix="Attach fewer, write what they allow under `access`, or raise the quota.",
    ignore="The quota of every account that the pipeline is deployed to is raised.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html",
    check=check,
)
