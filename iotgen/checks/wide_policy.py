"""A policy of AWS that allows everything is attached."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.roles import permitted
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity

# Those for administrators are for all services.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html
_ALL = frozenset({"AdministratorAccess", "PowerUserAccess"})
_FULL = "FullAccess"


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each attached policy of AWS that allows all of a service, or of all.

    The messages do not name the holder: those of an anchor's aliases are one problem, where it is written.
    """
    for holder in permitted(pipeline):
        for policy in holder.managed:
            every = policy.name in _ALL
            if policy.of_aws and (every or _FULL in policy.name):
                what = "every service" if every else "a service"
                message = f"`{policy.name}` allows all actions of {what}, on every resource"
                hint = (
                    "Write what the code does under `access`, such as `buckets: {KEY: read}`, "
                    "or as a statement under `allow`."
                )
                yield Finding(policy.path, message, hint)


RULE = Rule(
    code="IOT373",
    severity=Severity.WARNING,
    summary="A policy of AWS that allows everything is attached.",
    why=(
        "Policies such as `AmazonS3FullAccess` are for people: they allow all actions of a service on all of "
        "the account's resources, deletion included. Least privilege limits the damage that a bug or an "
        "attacker can do."
    ),
    fix="Write what the code does under `access`: a verb for a resource of the spec, `allow` for any other.",
    ignore="The code really administers the service, for the whole account.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
    check=check,
)
