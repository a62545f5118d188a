"""The role by which a function or a workflow calls AWS: one that iotgen makes, or one that exists already."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal
from urllib.parse import unquote

from iotgen.kinds.functions.managed import Managed
from iotgen.model.arn import ACCOUNT, PARTITION
from iotgen.model.change import Deployed, interrupts, name_setting
from iotgen.model.context import Context
from iotgen.model.expression import Expression, Joined, Label, Reference, joined
from iotgen.model.kind import Name, role_name
from iotgen.model.preflight import Account, Check, Level
from iotgen.problem import Finding, Path

# Its type in Terraform.
ROLE = "aws_iam_role"
_ABOUT = "role"


class Service(StrEnum):
    """The services that assume such roles, by what a trust policy calls them."""

    LAMBDA = "lambda.amazonaws.com"
    STEP_FUNCTIONS = "states.amazonaws.com"

    @property
    def words(self) -> str:
        """Its own name."""
        return "Lambda" if self is Service.LAMBDA else "Step Functions"


@dataclass(frozen=True, kw_only=True)
class ServiceRole:
    """A role: its `name`, its ARN, and where the spec has it.

    `given` is the name that the spec gives it, with placeholders; empty without one. `label` is that of the
    role that iotgen makes.
    """

    name: str
    arn: str | Expression
    existing: bool
    given: str
    label: Label
    path: Path

    def permitted_by(self, policies: Iterable[Managed]) -> tuple[str, ...]:
        """What gives it its permissions, as Terraform addresses it; nothing of a role that exists already."""
        own = (f"{ROLE}_policy.{self.label}", *(one.address for one in policies))
        return () if self.existing else own

    def names(self, noun: str) -> Iterator[Name]:
        """The name of one that iotgen makes."""
        if not self.existing:
            given = bool(self.given)
            yield role_name(f"a {noun}'s role", self.name, self.path if given else (), given=given)

    def renamed(self, noun: str, key: str, deployed: Deployed, suffix: str) -> Iterator[Finding]:
        """A role under another name is another role, which is made when the first is gone.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
        """
        there = deployed.get(f"{ROLE}.{self.label}", {}).get("name")
        if self.existing or there in (None, self.name):
            return
        message = (
            f"the role of `{key}` is deployed as `{there}`: `{self.name}` is made when that is gone, and the "
            f"{noun} cannot start in between; what names the role by its ARN, such as a bucket of another "
            "account, does not let the new one in"
        )
        hint = (
            f"Keep it by `role: {{{name_setting(there, suffix)}}}`, or apply while the {noun} is not needed."
        )
        yield interrupts(self.path, message, hint)


def resolve_role(
    context: Context, setting: Mapping[str, Any] | Literal[False] | None, name: str, own: Label, path: Path
) -> ServiceRole:
    """The role of the function or workflow at `path`: one with a `name` of its own, without a `setting`."""
    written: Mapping[str, Any] = setting or {}
    existing, given = written.get("existing"), written.get("name")
    return ServiceRole(
        name=_last(context.filled(existing)) if existing else context.filled(given) if given else name,
        arn=_existing_arn(context, existing) if existing else Reference(f"{ROLE}.{own}.arn"),
        existing=bool(existing),
        given=given or "",
        label=own,
        path=context.place((*path, "role", "existing" if existing else "name")) if written else path,
    )


def _last(written: str) -> str:
    return written.rpartition("/")[2]


def _existing_arn(context: Context, written: str) -> str | Joined:
    if written.startswith("arn:"):
        return context.with_account(written)
    return joined("arn:", PARTITION, ":iam::", ACCOUNT, ":role/", context.filled(written))


def role_preflight(account: Account, role: ServiceRole, service: Service) -> Iterator[Check]:
    """Whether a role that exists already is there, in this account, and trusts the service."""
    arn = account.text(role.arn)
    if arn.split(":")[4] != account.live.account:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
        message = f"the role `{arn}` is of another account: {service.words} takes those of its own alone"
        yield _error(message, f"Name a role of {account.live.account}.", role)
        return
    iam = account.client("iam")
    try:
        there = iam.get_role(RoleName=role.name)["Role"]
    except iam.exceptions.NoSuchEntityException:
        yield _error(f"there is no role `{role.name}`", "Make it first, or correct its name.", role)
        return
    if there["Arn"] != arn:
        yield _error(f"the role `{role.name}` is `{there['Arn']}`", "Write that ARN.", role)
    elif not _trusts(there.get("AssumeRolePolicyDocument"), service):
        hint = f"Let `{service}` assume it, in its trust policy."
        yield _error(f"{service.words} may not assume the role `{role.name}`", hint, role)


def _trusts(document: Any, service: Service) -> bool:
    """Whether a trust policy names the service; boto3 decodes it, where it can."""
    return service in (unquote(document) if isinstance(document, str) else str(document))


def _error(message: str, hint: str, role: ServiceRole) -> Check:
    return Check(level=Level.ERROR, about=_ABOUT, message=message, hint=hint, path=role.path)
