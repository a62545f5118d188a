"""The role of a function, by which its code calls AWS: one that iotgen makes, or one that exists already."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import unquote

from iotgen.model.arn import ACCOUNT, PARTITION
from iotgen.model.context import Context, label
from iotgen.model.expression import Expression, Joined, Label, Reference, joined
from iotgen.model.preflight import Account, Check, Level
from iotgen.problem import Path

_LAMBDA = "lambda.amazonaws.com"
_ABOUT = "role"


@dataclass(frozen=True, kw_only=True)
class FunctionRole:
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


def resolve_role(
    context: Context, key: str, setting: Mapping[str, Any] | Literal[False] | None, name: str, path: Path
) -> FunctionRole:
    """The role of the function `key`, which is called `name`."""
    written: Mapping[str, Any] = setting or {}
    own = label(key)
    existing = written.get("existing")
    given = written.get("name")
    word = "existing" if existing else "name"
    return FunctionRole(
        name=_last(context.filled(existing)) if existing else context.filled(given) if given else name,
        arn=_existing_arn(context, existing) if existing else Reference(f"aws_iam_role.{own}.arn"),
        existing=bool(existing),
        given=given or "",
        label=own,
        path=context.place((*path, "role", word)) if written else path,
    )


def _last(written: str) -> str:
    return written.rpartition("/")[2]


def _existing_arn(context: Context, written: str) -> str | Joined:
    if written.startswith("arn:"):
        return context.with_account(written)
    return joined("arn:", PARTITION, ":iam::", ACCOUNT, ":role/", context.filled(written))


def role_preflight(account: Account, role: FunctionRole) -> Iterator[Check]:
    """Whether a role that exists already is there, in this account, and trusts Lambda."""
    arn = account.text(role.arn)
    if arn.split(":")[4] != account.live.account:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
        message = f"the role `{arn}` is of another account: Lambda takes those of its own alone"
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
    elif not _trusts(there.get("AssumeRolePolicyDocument")):
        hint = f"Let `{_LAMBDA}` assume it, in its trust policy."
        yield _error(f"Lambda may not assume the role `{role.name}`", hint, role)


def _trusts(document: Any) -> bool:
    """Whether a trust policy names Lambda; boto3 decodes it, where it can."""
    return _LAMBDA in (unquote(document) if isinstance(document, str) else str(document))


def _error(message: str, hint: str, role: FunctionRole) -> Check:
    return Check(level=Level.ERROR, about=_ABOUT, message=message, hint=hint, path=role.path)
