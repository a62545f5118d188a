"""Whose name a call of AWS is signed with, on AWS and on this machine."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Credentials:
    """An access key and its secret; `token` only goes with a temporary one."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)
