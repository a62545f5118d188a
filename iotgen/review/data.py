"""A review as JSON data; docs/plan.md describes it."""

from collections.abc import Iterable
from enum import Enum
from typing import Any

from iotgen.review.permissions import Difference, Permissions
from iotgen.review.review import Group, Item, Review
from iotgen.review.settings import Mark, Setting
from iotgen.review.words import permission, unclear
from iotgen.spec.document import pointer
from iotgen.terraform.plan import Action

_SHOWN = (Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DESTROY, Action.FORGET)
_MARKS = {Mark.SENSITIVE: {"sensitive": True}, Mark.UNKNOWN: {"known_after_apply": True}}


def data(review: Review) -> dict[str, Any]:
    """The review as JSON data."""
    return {
        "environment": review.suffix,
        "new": review.fresh,
        "counts": {action.value: review.count(action) for action in _SHOWN},
        "changes": _groups(review.groups),
        "permissions": _permissions(review.permissions),
        "drift": drift_data(review),
        "outputs": list(review.outputs),
        "widening": [permission(one) for one in review.widening],
        "destroying": [item.address for item in review.destroying],
    }


def drift_data(review: Review) -> dict[str, Any]:
    """What differs on AWS from the last apply, as JSON data."""
    return {"changes": _groups(review.drift), "permissions": _permissions(review.drift_permissions)}


def _groups(groups: Iterable[Group]) -> list[dict[str, Any]]:
    return [
        {
            "kind": group.owner.noun,
            "key": group.owner.key,
            "path": pointer(group.owner.path),
            "file": group.owner.file if group.owner.line else None,
            "line": group.owner.line or None,
            "action": group.action.value,
            "loses_data": group.loses,
            "resources": [_item(item) for item in group.items],
        }
        for group in groups
    ]


def _item(item: Item) -> dict[str, Any]:
    return {
        "address": item.address,
        "previous_address": item.former or None,
        "noun": item.noun,
        "action": item.action.value,
        "reason": item.reason or None,
        "new_code": item.new_code,
        "loses_data": item.loses,
        "put_back": item.back,
        "settings": [_setting(setting) for setting in item.settings],
    }


def _setting(setting: Setting) -> dict[str, Any]:
    return {
        "name": setting.name,
        "path": pointer(setting.path),
        "before": _value(setting.before),
        "after": _value(setting.after),
        "forces_replacement": setting.forces,
    }


def _value(value: Any) -> Any:
    """A value with an object in place of each mark."""
    if isinstance(value, Enum):
        return _MARKS[Mark(value)]
    if isinstance(value, dict):
        return {key: _value(inner) for key, inner in value.items()}
    return [_value(inner) for inner in value] if isinstance(value, list) else value


def _permissions(permissions: Permissions) -> dict[str, Any]:
    return {
        "differences": [_difference(one) for one in permissions.differences],
        "unclear": [{"address": one.address, "message": unclear(one)} for one in permissions.unclear],
    }


def _difference(one: Difference) -> dict[str, Any]:
    target = one.target.owner if one.target else None
    return {
        "message": permission(one),
        "address": one.address,
        "holder": one.holder,
        "gains": one.gains,
        "effect": "deny" if one.denied else "allow",
        "actions": list(one.actions),
        "resource": one.resource,
        "target": {"kind": target.noun, "key": target.key} if target else None,
        "conditions": [
            {"test": test, "key": key, "values": list(values)} for test, key, values in one.conditions
        ],
        "file": one.subject.file if one.line else None,
        "line": one.line or None,
        "wide": one.wide,
    }
