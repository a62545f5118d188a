"""What differs on AWS from what the last apply left, without what only seems to.

After an apply the provider reads back empty lists and zeros where there were none, in a bucket the rules that
other resources have set, and in a role or a topic the policies of others. What is not a setting, such as a
date, says nothing. A write-only value is meant to be set on AWS.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.kinds.functions.managed import ATTACHMENT
from iotgen.patch import provider
from iotgen.review.settings import Setting, configured, differing, json_in
from iotgen.terraform.plan import Action, Change, Contents


@dataclass(frozen=True)
class Drift:
    """A resource that differs in some settings, or is gone; `back` if the plan changes it too."""

    change: Change
    settings: tuple[Setting, ...]
    back: bool


def drifted(contents: Contents) -> tuple[Drift, ...]:
    """Each resource that differs on AWS from what the last apply left."""
    planned = {change.address for change in contents.changes if change.action is not Action.NONE}
    found = []
    for change in contents.drift:
        settings = tuple(_real(change, contents.deployed))
        if settings or change.action is Action.DESTROY:
            found.append(Drift(change, settings, change.address in planned))
    return tuple(found)


def _real(change: Change, deployed: Mapping[str, Mapping[str, Any]]) -> Iterator[Setting]:
    if change.action is not Action.UPDATE:
        return
    differ = differing(change)
    names = {str(setting.path[0]) for setting in differ}
    reflected = {name for name in names if _reflects(change, name, deployed)}
    for setting in differ:
        name = str(setting.path[0])
        if (
            name not in reflected
            and _is_setting(change, name)
            and not _is_default(setting)
            and not _is_split(change, name, deployed)
            and not (name == "tags_all" and "tags" in names)
        ):
            yield setting


def _is_default(setting: Setting) -> bool:
    """Whether the provider reads back a false or a zero for a value that nobody has set."""
    return setting.before is None and setting.after in (False, 0)


def _is_split(change: Change, name: str, deployed: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether another resource of the same label has the attribute, such as the lifecycle of a bucket."""
    return not configured(change.configured, (name,)) and any(
        address.startswith(f"{change.type}_{name.partition('_')[0]}")
        and address.partition(".")[2] == change.label
        for address in deployed
    )


def _is_setting(change: Change, name: str) -> bool:
    """Whether an attribute can be set, and is not the readable side of a write-only one."""
    known = provider.settings("resource", change.type)
    written = change.configured
    write_only = isinstance(written, Mapping) and f"{name}_wo" in written
    return (known is None or name in known) and not write_only


def _reflects(change: Change, name: str, deployed: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether all policies in an attribute are those of other resources."""
    if name == "managed_policy_arns":
        return _are_attached(change.after or {}, name, deployed)
    policies = list(_policies((change.after or {}).get(name)))
    others = [attributes for address, attributes in deployed.items() if address != change.address]
    return bool(policies) and all(
        any(policy == json_in(attributes.get("policy")) for attributes in others) for policy in policies
    )


def _are_attached(role: Mapping[str, Any], name: str, deployed: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether other resources attach all managed policies of a role."""
    attached = {
        attributes.get("policy_arn")
        for address, attributes in deployed.items()
        if address.startswith(f"{ATTACHMENT}.") and attributes.get("role") == role.get("name")
    }
    return attached.issuperset(role.get(name) or ())


def _policies(value: Any) -> Iterator[Any]:
    """The policies in a value."""
    if isinstance(value, list):
        for one in value:
            yield from _policies(one)
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _policies(one)
    elif isinstance(policy := json_in(value), Mapping) and "Statement" in policy:
        yield policy
