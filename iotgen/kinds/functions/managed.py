"""Managed policies of a role: documents of their own in IAM, which iotgen attaches and does not read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.model.arn import PARTITION
from iotgen.model.context import Context
from iotgen.model.expression import Joined, Label, joined
from iotgen.model.preflight import Account, Check, Level
from iotgen.model.rendering import Rendering
from iotgen.problem import Path

# The type of an attachment in Terraform.
ATTACHMENT = "aws_iam_role_policy_attachment"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
USUAL_QUOTA = 10
# Those of AWS for Lambda that have a path, so that their names alone suffice.
# https://docs.aws.amazon.com/lambda/latest/dg/security-iam-awsmanpol.html
_SERVICE_ROLES = frozenset(
    {
        "AWSLambdaBasicDurableExecutionRolePolicy",
        "AWSLambdaBasicExecutionRole",
        "AWSLambdaDynamoDBExecutionRole",
        "AWSLambdaENIManagementAccess",
        "AWSLambdaKinesisExecutionRole",
        "AWSLambdaMSKExecutionRole",
        "AWSLambdaRole",
        "AWSLambdaSQSQueueExecutionRole",
        "AWSLambdaVPCAccessExecutionRole",
    }
)


@dataclass(frozen=True, kw_only=True)
class Managed:
    """A managed policy that a role has; `label` is that of its attachment, `of_aws` whether AWS keeps it."""

    name: str
    of_aws: bool
    arn: str | Joined
    label: Label
    path: Path

    @property
    def address(self) -> str:
        """Its attachment, as Terraform addresses it."""
        return f"{ATTACHMENT}.{self.label}"

    def words(self) -> str:
        """What it allows, in words."""
        return f"do what the policy `{self.name}` allows"


def resolve_managed(
    context: Context, settings: Mapping[str, Any], path: Path, role: Label
) -> tuple[Managed, ...]:
    """The policies of an `access`, for the role with a label; each once, however the spec names it."""
    found = {
        policy.label: policy
        for index, written in enumerate(settings.get("policies", ()))
        for policy in [_managed(context, written, context.place((*path, "policies", index)), role)]
    }
    return tuple(found.values())


def _managed(context: Context, written: str, path: Path, role: Label) -> Managed:
    """A policy; its name alone tells it from others, since paths are no part of what has to be unique.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    head, _, rest = written.partition(":policy/")
    of_aws = not rest or head.endswith(":aws")
    name = context.filled((rest or written).rpartition("/")[2])
    cleaned = re.sub(r"[^A-Za-z0-9_-]", lambda sign: f"_x{ord(sign[0]):02x}", name)
    return Managed(
        name=name,
        of_aws=of_aws,
        arn=context.with_account(written) if rest else _arn_of_aws(written),
        label=Label(f"{role}__{'aws' if of_aws else 'own'}_{cleaned}"),
        path=path,
    )


def _arn_of_aws(name: str) -> Joined:
    folder = "service-role/" if name in _SERVICE_ROLES else ""
    return joined("arn:", PARTITION, ":iam::aws:policy/", folder, name)


def attached(section: str, path: Path, role: Label, policies: Iterable[Managed]) -> Iterator[Rendering]:
    """What attaches the policies to the role with a label."""
    for policy in policies:
        yield Rendering(section, path, "attached_policy", {"policy": policy, "role": role})


def managed_preflight(account: Account, role: str, policies: tuple[Managed, ...]) -> Iterator[Check]:
    """Whether the policies exist, and whether a role may have so many."""
    iam = account.client("iam")
    for policy in policies:
        try:
            iam.get_policy(PolicyArn=account.text(policy.arn))
        except iam.exceptions.NoSuchEntityException:
            yield _missing(account, policy)
    if len(policies) > USUAL_QUOTA:
        yield _counted(role, policies, iam.get_account_summary()["SummaryMap"])


def _missing(account: Account, policy: Managed) -> Check:
    message = f"there is no policy `{account.text(policy.arn)}`"
    hint = (
        "Write it with its path, as its ARN has it after `policy/`."
        if policy.of_aws
        else "Make it first, or correct its ARN."
    )
    return Check(level=Level.ERROR, about="policies", message=message, hint=hint, path=policy.path)


def _counted(role: str, policies: tuple[Managed, ...], summary: Mapping[str, int]) -> Check:
    most = summary.get("AttachedPoliciesPerRoleQuota", USUAL_QUOTA)
    message = f"the role `{role}` is to have {len(policies)} managed policies, of {most} that AWS allows"
    if len(policies) <= most:
        return Check(level=Level.OK, about="policies", message=message)
    hint = "Raise `Managed policies per role` of IAM in Service Quotas, or attach fewer."
    return Check(level=Level.ERROR, about="policies", message=message, hint=hint, path=policies[most].path)
