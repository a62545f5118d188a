"""A function may delete objects of a bucket that lets nobody delete."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.buckets import Bucket
from iotgen.kinds.buckets.naming import SECTION
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each such grant."""
    kept = {bucket.key for bucket in pipeline.all(Bucket) if bucket.undeletable}
    for function in pipeline.all(Function):
        for grant in function.grants:
            if grant.section == SECTION and grant.key in kept and "delete" in grant.verbs:
                message = f"`{function.key}` may delete objects of `{grant.key}`, which is `undeletable`"
                hint = "Remove `delete`, or `undeletable` of the bucket."
                yield Finding(grant.path, message, hint)


RULE = Rule(
    code="IOT478",
    severity=Severity.WARNING,
    summary="A function may delete objects of a bucket that lets nobody delete.",
    why=(
        "The policy of an undeletable bucket denies deletion to everyone, and a denial goes before every "
        "permission: each call of the function is refused with AccessDenied."
    ),
    fix="Remove `delete` from the function's access, or `undeletable` of the bucket.",
    ignore="The function takes the refusal, or the environment where it deletes has no `undeletable`.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_AccessPolicyLanguage_Interplay.html",
    check=check,
)
