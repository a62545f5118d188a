"""Encodes the values in templates as JSON, in which only references become Terraform expressions."""

import json
from typing import Any

from jinja2 import Undefined

from iotgen.model.expression import Joined, Label, Reference, literal
from iotgen.model.policy import Statement


class Verbatim(str):
    """A text for a place where Terraform does not interpolate, and so has no escapes."""

    __slots__ = ()


def encode(value: Any) -> str:
    """The JSON of `value`; a label is unquoted, since it is always part of a text or a key.

    TypeError if it cannot be encoded, because a template uses something that is not in the model.
    """
    if isinstance(value, Label):
        return str(value)
    return json.dumps(plain(value), ensure_ascii=False)


def plain(value: Any) -> Any:
    """`value` as JSON data, with every text escaped for Terraform and every reference in place."""
    match value:
        case None | bool() | int() | float():
            return value
        case Reference() | Joined() | Verbatim():
            return str(value)
        case str():
            return literal(value)
        case Statement():
            return _statement(value)
        case list() | tuple():
            return [plain(item) for item in value]
        case dict():
            return {literal(key): plain(item) for key, item in value.items()}
        case Undefined():
            return str(value)  # raises an error that names the undefined value
        case _:
            raise TypeError(f"{type(value).__name__} cannot be encoded as JSON")


def _statement(statement: Statement) -> dict[str, Any]:
    """A statement of a policy, in IAM's JSON form."""
    block: dict[str, Any] = {
        "Sid": statement.sid or None,
        "Effect": "Deny" if statement.deny else "Allow",
        "Action": list(statement.actions),
    }
    if statement.resources:  # a trust policy has none
        block["Resource"] = plain(statement.resources)
    if statement.principal:
        kind, who = statement.principal
        block["Principal"] = {kind: plain(who)}
    conditions: dict[str, dict[str, Any]] = {}
    for test, variable, values in statement.conditions:
        conditions.setdefault(test, {})[variable] = plain(values)
    return block | ({"Condition": conditions} if conditions else {})
