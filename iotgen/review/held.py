"""The permissions that a resource of Terraform holds or gives, before a plan and after it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.review.policy import Permission, permissions_of
from iotgen.review.settings import Mark
from iotgen.terraform.plan import Change

# A managed policy that is attached to a role. Its own permissions are in no plan.
ATTACHED = "the managed policy"
_SEVERAL = "managed_policy_arns"
_INVOKE = "aws_lambda_permission"
METHOD = "aws_api_gateway_method"


@dataclass(frozen=True)
class Held:
    """The permissions of one policy of a resource, or why they are `unclear`; `name` is the attribute."""

    name: str
    before: frozenset[Permission] = frozenset()
    after: frozenset[Permission] = frozenset()
    unclear: str = ""


def policies_in(change: Change) -> tuple[str, ...]:
    """The attributes of a resource that hold policies."""
    before, after = change.before or {}, change.after or {}
    names = dict.fromkeys([*before, *after])
    return tuple(name for name in names if _is_policy(before.get(name)) or _is_policy(after.get(name)))


def _is_policy(value: Any) -> bool:
    return isinstance(value, str) and permissions_of(value) is not None


def held(change: Change) -> Iterator[Held]:
    """The permissions that a resource holds or gives, policy by policy."""
    for name in policies_in(change) or _unknown_policies(change):
        yield _compared(change, name)
    before = _visible(change.before, change.before_sensitive)
    after = _visible(change.after, change.after_sensitive)
    if change.after is None or _marked(change.after_unknown, _SEVERAL):
        # A role that goes, or is made anew: what attaches the policies says itself what becomes of them.
        before, after = _without(before, _SEVERAL), _without(after, _SEVERAL)
    given = _given(change.type, before), _given(change.type, after)
    if any(given):
        yield Held("", *given)


def _unknown_policies(change: Change) -> tuple[str, ...]:
    """The policy of a resource that holds one, where only the apply will show it."""
    return ("policy",) if change.type.endswith("_policy") and _marked(change.after_unknown, "policy") else ()


def _compared(change: Change, name: str) -> Held:
    if _marked(change.before_sensitive, name) or _marked(change.after_sensitive, name):
        return Held(name, unclear="it is sensitive")
    if change.after is not None and _marked(change.after_unknown, name):
        return Held(name, unclear="it is known only after the apply")
    return Held(name, _policy(change.before, name), _policy(change.after, name))


def _marked(marks: Any, name: str) -> bool:
    """Whether a mask covers an attribute, or something in it."""
    return _covers(marks.get(name) if isinstance(marks, Mapping) else marks)


def _covers(marks: Any) -> bool:
    if isinstance(marks, Mapping):
        return any(map(_covers, marks.values()))
    return any(map(_covers, marks)) if isinstance(marks, list) else bool(marks)


def _policy(attributes: Mapping[str, Any] | None, name: str) -> frozenset[Permission]:
    return permissions_of((attributes or {}).get(name)) or frozenset()


def _visible(attributes: Mapping[str, Any] | None, sensitive: Any) -> Mapping[str, Any]:
    """The attributes, without the values of those that are sensitive or have something sensitive in them."""
    return {
        name: Mark.SENSITIVE.value if _marked(sensitive, name) else value
        for name, value in (attributes or {}).items()
    }


def _without(attributes: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return {key: value for key, value in attributes.items() if key != name}


def _given(type_: str, attributes: Mapping[str, Any]) -> frozenset[Permission]:
    """The permissions that a resource gives by other attributes than a policy."""
    if type_ == _INVOKE and attributes:
        return frozenset({_invocation(attributes)})
    if type_ == METHOD and _is_open(attributes):
        return frozenset({Permission("execute-api:Invoke", "", "*")})
    several = attributes.get(_SEVERAL)
    listed = [attributes.get("policy_arn"), *(several if isinstance(several, list) else [several])]
    return frozenset(Permission(ATTACHED, arn) for arn in listed if arn and isinstance(arn, str))


def _is_open(attributes: Mapping[str, Any]) -> bool:
    """Whether anyone may call a method of an API."""
    return attributes.get("authorization") == "NONE" and not attributes.get("api_key_required")


def _invocation(attributes: Mapping[str, Any]) -> Permission:
    """The permission of another service to invoke a function."""
    conditions = frozenset(
        (test, f"aws:{key}", (str(attributes[name]),))
        for name, key, test in (
            ("source_arn", "SourceArn", "ArnLike"),
            ("source_account", "SourceAccount", "StringEquals"),
        )
        if attributes.get(name)
    )
    return Permission(
        str(attributes.get("action")),
        str(attributes.get("function_name")),
        str(attributes.get("principal")),
        conditions,
    )
