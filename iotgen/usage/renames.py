"""Resources that were renamed in the spec, but not in the code that reads their variables."""

import ast
from collections.abc import Collection
from dataclasses import dataclass

from iotgen.kinds.functions import Function
from iotgen.usage.mentions import PREFIXES, mentions
from iotgen.usage.modules import Code


@dataclass(frozen=True)
class Renamed:
    """A variable that the code names at `place`, and the one that the access provides instead."""

    old: str
    new: str
    place: str


def renames(function: Function, code: Code, possible: Collection[str]) -> dict[str, Renamed]:
    """The renamed variables by their new name; `possible` are those that any resource can provide.

    Only unambiguous ones: a kind must have exactly one variable that the code never names, and one that is
    not set.
    """
    values = frozenset(value for value in function.environment.values() if isinstance(value, str))
    mentioned = mentions(code, values)
    granted = {grant.variable for grant in function.grants}
    gone = [text for text in mentioned.texts if text not in granted and text not in possible]
    gone = [text for text in gone if text not in function.environment]
    renamed = {}
    for kind in PREFIXES:
        unnamed = [
            variable for variable in granted if _is_of(variable, kind) and not mentioned.can_name(variable)
        ]
        old = [text for text in gone if _is_of(text, kind)]
        if len(unnamed) == len(old) == 1 and (place := _place(code, old[0], kind)):
            renamed[unnamed[0]] = Renamed(old[0], unnamed[0], place)
    return renamed


def _is_of(variable: str, kind: str) -> bool:
    rest = variable.removeprefix(kind)
    return rest != variable and rest != "" and rest == rest.upper() and rest.replace("_", "").isalnum()


def _place(code: Code, variable: str, kind: str) -> str:
    """File and line of the first text that names it, with or without its prefix."""
    words = (variable, variable.removeprefix(kind))
    places = [
        (module.file, node.lineno)
        for module in code.modules.values()
        for node in ast.walk(module.facts.tree)
        if isinstance(node, ast.Constant) and node.value in words
    ]
    return f"{min(places)[0]}:{min(places)[1]}" if places else ""
