"""The secrets of the keys that may sign: this start's, those of STS sessions, and of users' access keys."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from iotgen.local.emulator.signature import RefusedError


@dataclass(frozen=True)
class Secret:
    """What signatures of a key are verified with; `token` goes with those of a session only."""

    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


Secrets = Callable[[str], Secret]
"""Gives the secret of an access key; RefusedError where there is no such key, or it has expired."""


def secrets_of(root: tuple[str, str], now: Callable[[], float]) -> Secrets:
    """Find secrets in MiniStack's own stores; `root` are this start's access key and secret.

    MiniStack itself takes `test`, every number of twelve digits and an empty key for the root's, whatever is
    signed with them: these are not here.
    """
    access_key, secret_key = root

    def secret_of(key: str) -> Secret:
        if key == access_key:
            return Secret(secret_key)
        if session := import_module("ministack.services.sts")._sessions.get(key):
            return _of_session(session, now())
        if secret := _of_user(import_module("ministack.services.iam"), key):
            return Secret(secret)
        raise RefusedError("InvalidClientTokenId", "The security token included in the request is invalid.")

    return secret_of


def _of_session(session: Mapping[str, Any], now: float) -> Secret:
    if now > session.get("Expiration", float("inf")):
        raise RefusedError("ExpiredToken", "The security token included in the request is expired")
    return Secret(session["SecretAccessKey"], session["SessionToken"])


def _of_user(iam: Any, key: str) -> str | None:
    """The secret of an active access key, whichever account has it."""
    for (_, stored), record in iam._access_keys.to_dict().items():
        if stored == key and record.get("Status") == "Active":
            return str(record["SecretAccessKey"])
    return None
