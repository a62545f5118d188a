"""What a hole in a template becomes: JSON, in which only references turn into Terraform expressions."""

import json
from typing import Any

from jinja2 import Undefined

from iotgen.model.expression import Joined, Label, Reference, joined, literal
from iotgen.model.pipeline import Statement


class Verbatim(str):
    """A text for a place where Terraform looks for no template, and so for no escape of one."""

    __slots__ = ()


def encode(value: Any) -> str:
    """The JSON of `value`; a label stands as it is, since it is only ever part of a text or a key.

    TypeError for what has no JSON: a template asked for something that the model does not hold.
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
            return str(value)  # which raises, and says what there isn't
        case _:
            raise TypeError(f"{type(value).__name__} has no JSON")


def _statement(statement: Statement) -> dict[str, Any]:
    block: dict[str, Any] = {
        "sid": statement.sid,
        "actions": list(statement.actions),
        "resources": plain(statement.resources),
    }
    if statement.deny:
        block["effect"] = "Deny"
    if statement.conditions:
        block["condition"] = [
            {"test": test, "variable": variable, "values": plain(values)}
            for test, variable, values in statement.conditions
        ]
    return block


def arn(service: str, region: str, resource: str) -> Joined:
    """The ARN of `resource` in this partition, in whichever account.

    It is for a resource's own policy, which cannot refer to the resource that it is part of, and which
    reaches no other account whatever it says.
    """
    partition = Reference("data.aws_partition.current.partition")
    return joined("arn:", partition, f":{service}:{region}:*:{resource}")
