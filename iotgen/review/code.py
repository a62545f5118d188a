"""Code on AWS that Terraform does not know of: changed by hand, or put live by `iotgen dev`.

Terraform compares `source_code_hash` with its state only. Newer providers (5.100 does) read the digest on AWS
into `code_sha256`, which nothing compares: a plan that changes nothing would leave such code there for ever.
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_function#source_code_hash-1
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from iotgen.kinds.functions import ADDRESS
from iotgen.terraform.plan import Action, Change, Contents

_RENDERED, _ON_AWS = "source_code_hash", "code_sha256"


@dataclass(frozen=True)
class Stale:
    """A function that keeps code of another origin, and the path of the zip that it should have."""

    name: str
    zip: str


def stale_code(contents: Contents) -> tuple[Stale, ...]:
    """The functions with other code than the rendered one, which the plan would leave as it is."""
    return tuple(
        Stale(after["function_name"], after["filename"])
        for change in contents.changes
        if (after := _left(change))
    )


def with_code(contents: Contents) -> Contents:
    """The contents with an update of each of these functions, as an apply makes it."""
    return replace(contents, changes=tuple(_updating(change) for change in contents.changes))


def published(contents: Contents) -> frozenset[str]:
    """The labels of the functions of which an apply publishes a new version, that callers do not have yet."""
    return frozenset(
        change.label
        for change in contents.changes
        if change.type == ADDRESS
        and change.action is Action.UPDATE
        and (change.before or {}).get("publish")
        and isinstance(change.after_unknown, Mapping)
        and change.after_unknown.get("version")
    )


def _left(change: Change) -> Mapping[str, Any] | None:
    """The planned attributes of a function whose code the plan leaves, and that is not the rendered one."""
    before, after = change.before or {}, change.after or {}
    if (
        change.type != ADDRESS
        or change.action not in (Action.NONE, Action.UPDATE)
        or not after.get("filename")
    ):
        return None
    rendered, deployed = after.get(_RENDERED), before.get(_ON_AWS)
    known = before.get(_RENDERED) == rendered and bool(rendered) and bool(deployed)
    return after if known and rendered != deployed else None


def _updating(change: Change) -> Change:
    if _left(change) is None:
        return change
    before = {**(change.before or {}), _RENDERED: (change.before or {})[_ON_AWS]}
    return replace(change, actions=("update",), before=before)
