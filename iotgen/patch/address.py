"""Terraform addresses, and their bodies in a document of Terraform JSON."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from iotgen.spec.nearest import nearest

# Blocks by the first word of their addresses.
_BLOCKS = {"local": "locals", "var": "variable", "output": "output", "provider": "provider", "data": "data"}
_WORDS = {block: word for word, block in _BLOCKS.items()}
_MOST_SHOWN = 4

Steps = tuple[str, ...]


def canonical(address: str) -> str:
    """The address in iotgen's form: dashes of a key become underscores in a Terraform name."""
    return address.replace("-", "_")


def found(address: str, known: Iterable[str]) -> str | None:
    """The known address that `address` is, as it stands or with dashes for underscores; None if none is.

    The names of an endpoint's parts keep the dashes of its path.
    """
    known = tuple(known)
    if address in known:
        return address
    return next((one for one in known if canonical(one) == canonical(address)), None)


def steps(address: str) -> Steps:
    """The keys that lead from the top of a document to the body at an address."""
    parts = tuple(address.split("."))
    if parts == ("terraform",):
        return parts
    block = _BLOCKS.get(parts[0])
    return (block, *parts[1:]) if block else ("resource", *parts)


def bodies(document: Mapping[str, Any]) -> dict[str, Any]:
    """The body of each block in a document, by address."""
    by_address: dict[str, Any] = {}
    for block, content in document.items():
        if block == "terraform":
            by_address[block] = content
        elif block in ("resource", "data"):
            before = "data." if block == "data" else ""
            for kind, named in _members(content):
                by_address |= {f"{before}{kind}.{name}": body for name, body in _members(named)}
        elif block in _WORDS:
            by_address |= {f"{_WORDS[block]}.{name}": body for name, body in _members(content)}
    return by_address


def _members(node: Any) -> Iterator[tuple[str, Any]]:
    """The members of an object, or of all objects in a list: Terraform's JSON allows either.

    https://developer.hashicorp.com/terraform/language/syntax/json#nested-block-mapping
    """
    for inner in node if isinstance(node, list) else [node]:
        if isinstance(inner, dict):
            yield from ((key, value) for key, value in inner.items() if key != "//")


def meant(address: str, known: Iterable[str]) -> tuple[str | None, list[str]]:
    """The known address that `address` probably misspells, or None and a few other known ones.

    The others have the same name or the same type, if there are such.
    """
    known = sorted(known, key=lambda one: not one.startswith("aws_"))
    if near := nearest(address, known):
        return near, []
    kind, _, name = address.rpartition(".")
    alike = [one for one in known if one.rpartition(".")[2] == name or one.rpartition(".")[0] == kind]
    return None, (alike or known)[:_MOST_SHOWN]
