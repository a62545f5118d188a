"""What an account must have for an apply to succeed, as it is found there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from iotgen.model.expression import Expression
from iotgen.model.live import Live
from iotgen.problem import Path


class Level(StrEnum):
    """Whether an apply can succeed; `unknown` if AWS does not say."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One line of a preflight: what was looked at, what was found, and what to do; `path` is in the spec."""

    level: Level
    about: str
    message: str
    hint: str = ""
    path: Path = ()


NAMES = "names"


@dataclass(frozen=True, kw_only=True)
class Account:
    """The account and region to deploy to, on the day `today`.

    `ours` are the ARNs of this environment in the region, None if AWS does not list them. `tags` are those
    that all of the environment has.
    """

    live: Live
    ours: frozenset[str] | None
    tags: Mapping[str, str]
    today: date

    def client(self, service: str) -> Any:
        """boto3's client of a service."""
        return self.live.client(service)

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account and region."""
        return f"arn:{self.live.partition}:{service}:{self.live.region}:{self.live.account}:{resource}"

    def text(self, name: str | Expression) -> str:
        """A name with the account's id filled in."""
        return self.live.text(name)

    def role_is_ours(self, role: str) -> bool | None:
        """Whether a role has the tags of this environment, which IAM alone lists; None for no role."""
        iam = self.client("iam")
        try:
            tags = iam.get_role(RoleName=role)["Role"].get("Tags", [])
        except iam.exceptions.NoSuchEntityException:
            return None
        return self.tags.items() <= {tag["Key"]: tag["Value"] for tag in tags}.items()

    def taken(self, what: str, name: str, path: Path, arn: str) -> Iterator[Check]:
        """An error for a name that something outside of this environment has."""
        if self.ours is None:
            message = f"{what} `{name}` exists; whether it is part of this environment is not known"
            hint = "Allow the caller tag:GetResources, or look at its tags."
            yield Check(level=Level.UNKNOWN, about=NAMES, message=message, hint=hint, path=path)
        elif arn not in self.ours:
            message = f"{what} `{name}` exists already, and is not part of this environment"
            hint = "Rename the key, choose another `name` or suffix, or remove what has the name."
            yield Check(level=Level.ERROR, about=NAMES, message=message, hint=hint, path=path)
