"""References and declarations in Terraform texts, found without evaluating them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.patch.address import canonical

_REFERENCE = re.compile(r"(?<![\w.])(?:data\.)?(?:aws_\w+|local|var)\.[A-Za-z_][\w-]*")
_BLOCK = re.compile(
    r'^[ \t]*(?:(?P<block>resource|data)[ \t]+"?(?P<type>\w+)"?|(?P<single>variable|output))'
    r'[ \t]+"?(?P<name>[\w-]+)"?[ \t]*\{',
    re.M,
)
# Any of these may be a local: only a parser could tell whether it is inside `locals { }`.
_ASSIGNED = re.compile(r"^[ \t]*([\w-]+)[ \t]*=", re.M)


def references(node: Any) -> set[str]:
    """The addresses that a body refers to, in expressions and in `depends_on`."""
    return set(_references(node, plain=False))


def variables(overrides: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """The label of each function that overrides give environment variables, and the variable's name."""
    names: set[tuple[str, str]] = set()
    for address, patch in overrides.items():
        kind, _, name = canonical(address).partition(".")
        node: Any = patch if kind == "aws_lambda_function" else None
        for step in ("environment", "variables"):
            node = node.get(step) if isinstance(node, Mapping) else None
        names |= {(name, key) for key in node} if isinstance(node, Mapping) else set()
    return frozenset(names)


def mentioned(text: str) -> set[str]:
    """Every address in a Terraform file."""
    return set(_REFERENCE.findall(text))


def blocks(text: str) -> Iterator[tuple[str, int]]:
    """The address of each block in a `.tf` file, and its first line."""
    for block in _BLOCK.finditer(text):
        word = {"variable": "var.", "data": "data."}.get(block["single"] or block["block"], "")
        kind = "output." if block["single"] == "output" else f"{block['type']}." if block["type"] else ""
        yield f"{word}{kind}{block['name']}", text.count("\n", 0, block.start()) + 1


def locals_of(text: str) -> set[str]:
    """The addresses of possible locals in a `.tf` file."""
    return {f"local.{name}" for name in _ASSIGNED.findall(text)}


def _references(node: Any, *, plain: bool) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _references(value, plain=key == "depends_on")
    elif isinstance(node, list):
        for value in node:
            yield from _references(value, plain=plain)
    elif isinstance(node, str):
        before, *expressions = node.replace("$${", "").split("${")
        for text in (before, *expressions) if plain else expressions:
            yield from _REFERENCE.findall(text)
