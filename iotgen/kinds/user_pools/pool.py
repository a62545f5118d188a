"""A user pool of Cognito as it will be on AWS, with its clients and groups."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from iotgen.model.expression import Joined, Label
from iotgen.model.resource import Resource
from iotgen.problem import Path

SECTION = "user_pools"
ADDRESS = "aws_cognito_user_pool"
CLIENT = "aws_cognito_user_pool_client"


@dataclass(frozen=True, kw_only=True)
class PasswordPolicy:
    """What passwords must have: a length, and characters of the kinds in `needs`, in the spec's words."""

    length: int
    needs: frozenset[str]
    temporary_days: int


@dataclass(frozen=True, kw_only=True)
class Client:
    """An app in which users sign in; `flows` are in Cognito's words, `scopes` are those of its sign-in pages.

    `reads` and `writes` are the attributes that users read and change themselves, None where these are all.
    """

    key: str
    name: str
    label: Label
    former: tuple[Label, ...]
    flows: tuple[str, ...]
    callback: tuple[str, ...]
    logout: tuple[str, ...]
    scopes: tuple[str, ...]
    reads: tuple[str, ...] | None
    writes: tuple[str, ...] | None
    path: Path


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group of users."""

    name: str
    label: Label
    former: tuple[Label, ...]
    description: str | None
    precedence: int | None
    path: Path


@dataclass(frozen=True, kw_only=True)
class UserPool(Resource):
    """A user pool.

    `usernames` are the attributes that stand for a name, `aliases` those that do beside one; `mfa` is in
    Cognito's words. `required` are attributes that every pool has, `attributes` its own. `domain` is the
    prefix of its sign-in pages, None without any. `called` are the ARNs of the functions that Cognito calls,
    by the words of the spec for when.
    """

    usernames: tuple[str, ...]
    aliases: tuple[str, ...]
    self_sign_up: bool
    password: PasswordPolicy
    mfa: str
    required: tuple[str, ...]
    attributes: tuple[str, ...]
    groups: tuple[Group, ...]
    domain: str | None
    region: str
    deletion_protection: bool
    clients: tuple[Client, ...]
    called: Mapping[str, Joined] = field(hash=False)

    @property
    def standard(self) -> Mapping[str, tuple[int, int]]:
        """The attributes of every pool that users must have, with the least and most characters of each.

        https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
        """
        return {name: (10, 10) if name == "birthdate" else (0, 2048) for name in self.required}

    @property
    def sign_in_pages(self) -> str | None:
        """The address of its sign-in pages."""
        return f"https://{self.domain}.auth.{self.region}.amazoncognito.com" if self.domain else None
