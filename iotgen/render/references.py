"""Whether the templates of a pipeline fit together: what they make, and what they refer to."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iotgen.render.fault import Fault, Path

_ADDRESS = re.compile(
    r"(?<![\w.])(?:data\.)?aws_\w+\.[A-Za-z_][\w-]*|(?<![\w.])(?:local|var)\.[A-Za-z_][\w-]*"
)


@dataclass(frozen=True)
class Made:
    """What a template made of its holes; for a project's own one also what the built-in one makes of them."""

    template: str
    holes: Mapping[str, Any]
    document: Mapping[str, Any]
    text: str = ""
    built_in: Mapping[str, Any] | None = None


def fits_as_built_in(one: Made) -> bool:
    """Whether an own template makes just what the built-in one makes, and refers to no more."""
    built_in = one.built_in or {}
    made = {address for _, address in _addresses(one.document)}
    referred = {address for _, address in _references(one.document)}
    return made == {address for _, address in _addresses(built_in)} and referred <= made | {
        address for _, address in _references(built_in)
    }


def conflicts(every: Sequence[Made]) -> Iterator[tuple[Made, Fault]]:
    """Each address that an own template makes a second time, or that is referred to and made by none."""
    makers: dict[str, Made] = {}
    for one in every:
        for path, address in _addresses(one.document):
            first = makers.setdefault(address, one)
            owner, other = (one, first) if one.built_in else (first, one)
            if first is not one and owner.built_in:
                yield owner, _twice(path, address, other)
    lost = {address: one for one in every if one.built_in for _, address in _addresses(one.built_in)}
    for one in every:
        for path, address in _references(one.document):
            if address not in makers and address in lost:
                yield lost[address], _lost(address, one)
            elif address not in makers and one.built_in:
                said = f"this refers to a `{_type(address)}` that no template makes"
                yield one, Fault(path, "IOT521", said, f"it says `{address}`")


def _twice(path: Path, address: str, other: Made) -> Fault:
    said = f"this `{_type(address)}` is made twice: by `{other.template}` too"
    return Fault(
        path, "IOT522", said, f"both are `{address}`: begin its name with a label of the resource's own"
    )


def _lost(address: str, user: Made) -> Fault:
    said = (
        f"this no longer makes the `{_type(address)}` of the built-in template, and `{user.template}` uses it"
    )
    kind = _type(address)
    about = tuple(kind.split(".")) if kind.startswith("data.") else ("resource", kind)
    about = ("locals", f"*__{address.rpartition('__')[2]}") if kind == "local" else about
    return Fault((), "IOT521", said, about=about)


def _type(address: str) -> str:
    return address.rpartition(".")[0]


def _addresses(document: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """The path and the address of each resource, data source, variable and local."""
    for block, before in (("resource", ""), ("data", "data.")):
        for name, resources in (document.get(block) or {}).items():
            for label, body in (resources or {}).items():
                if body is not None:
                    yield (block, name, label), f"{before}{name}.{label}"
    for block, before in (("variable", "var"), ("locals", "local")):
        for label, body in (document.get(block) or {}).items():
            if body is not None:
                yield (block, label), f"{before}.{label}"


def _references(node: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """The path of each text that refers to something, and the address that it refers to."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _references(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _references(value, (*path, index))
    elif isinstance(node, str) and ("${" in node or "depends_on" in path):
        for address in _ADDRESS.findall(node.replace("$${", "")):
            yield path, address
