"""Statements of IAM policies."""

import re
from dataclasses import dataclass

from iotgen.model.expression import Expression


@dataclass(frozen=True)
class Statement:
    """Permission for IAM actions on resources, under conditions of (test, variable, values).

    With `deny` it overrides every permission. An empty `sid` is left out. `principal` is who has it, by its
    kind (AWS or Service), in the policy of a resource; a role's has none.
    """

    sid: str
    actions: tuple[str, ...]
    resources: tuple[Expression | str, ...]
    conditions: tuple[tuple[str, str, tuple[Expression | str, ...]], ...] = ()
    deny: bool = False
    principal: tuple[str, Expression | str] | None = None


def statement_id(verb: str, noun: str, key: str) -> str:
    """A statement's id: with the noun, since a table and a bucket may have the same key."""
    return "".join(word.capitalize() for word in re.split("[-_ ]", f"{verb}-{noun}-{key}"))
