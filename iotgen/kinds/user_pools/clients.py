"""The clients of user pools that variables and outputs name."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from iotgen.kinds.user_pools.live import live_arn, live_client, live_issuer
from iotgen.kinds.user_pools.pool import CLIENT, SECTION
from iotgen.model.context import Context, label
from iotgen.model.expression import Reference
from iotgen.model.live import Asked
from iotgen.model.user_pools import live_id
from iotgen.problem import Finding, Path
from iotgen.spec.nearest import nearest

_ASKED: Mapping[str, Asked] = {"id": live_id, "arn": live_arn, "url": live_issuer}


def has_client(context: Context, settings: Mapping[str, Any], path: Path) -> bool:
    """Whether the client that settings at `path` name is there, or they name none; a problem if it is not."""
    if "client" not in settings:
        return True
    pool, client = settings["user_pool"], settings["client"]
    there = context.data[SECTION].get(pool, {})
    known = sorted(there.get("clients", ()))
    if client in known:
        return True
    meant = nearest(client, known)
    message = f"the user pool `{pool}` has no client `{client}`" + (
        f"; did you mean `{meant}`?" if meant else ""
    )
    hint = f"Use one of: {', '.join(known)}." if known else f"Declare it: `clients: {{{client}: {{}}}}`."
    if "existing" in there:
        hint = "One of a pool that exists already is none of the spec's: write its ID."
    context.report(Finding((*path, "client"), message, "" if meant else hint, code="IOT201"))
    return False


def client_id(pool: str, client: str) -> Reference:
    """The ID of a client, which Cognito chooses."""
    return Reference(f"{CLIENT}.{label(pool)}__{label(client)}.id")


def asked_of(attribute: str, client: str | None) -> Asked:
    """How AWS is asked for an attribute of a deployed pool, or for the ID of a client."""
    return partial(live_client, key=client) if client else _ASKED[attribute]
