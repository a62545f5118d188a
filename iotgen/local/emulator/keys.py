"""The credentials that may sign calls: this start's, those of STS sessions, and users' access keys."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from iotgen.credentials import Credentials
from iotgen.local.emulator.signature import RefusedError

Find = Callable[[str], Credentials]
"""Returns the credentials of an access key; RefusedError if it does not exist or has expired."""


def credentials_in_use(root: Credentials, now: Callable[[], float]) -> Find:
    """A `Find` that looks in MiniStack's own stores; `root` are the credentials of this start.

    MiniStack itself treats `test`, every number of twelve digits and an empty key as root, with any
    signature: these are not valid here.
    """

    def find(key: str) -> Credentials:
        if key == root.access_key:
            return root
        if session := import_module("ministack.services.sts")._sessions.get(key):
            return _of_session(key, session, now())
        if secret := _of_user(import_module("ministack.services.iam"), key):
            return Credentials(key, secret)
        raise RefusedError("InvalidClientTokenId", "The security token included in the request is invalid.")

    return find


def _of_session(key: str, session: Mapping[str, Any], now: float) -> Credentials:
    if now > session.get("Expiration", float("inf")):
        raise RefusedError("ExpiredToken", "The security token included in the request is expired")
    return Credentials(key, session["SecretAccessKey"], session["SessionToken"])


def _of_user(iam: Any, key: str) -> str | None:
    """The secret of an active access key, whichever account has it."""
    for (_, stored), record in iam._access_keys.to_dict().items():
        if stored == key and record.get("Status") == "Active":
            return str(record["SecretAccessKey"])
    return None
