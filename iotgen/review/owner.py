"""Whose a resource of Terraform is: the noun and key of the spec, with the line."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from iotgen.kinds import KINDS
from iotgen.model.alarm import Alarm
from iotgen.model.dead_letters import holder_labels
from iotgen.model.kind import AnyKind
from iotgen.model.pipeline import Pipeline
from iotgen.problem import Path
from iotgen.spec.document import Document
from iotgen.terraform.plan import without_index

_BY_ADDRESS: Mapping[str, AnyKind] = {kind.address: kind for kind in KINDS}
_BY_SECTION: Mapping[str, AnyKind] = {kind.section: kind for kind in KINDS}
_OUTSIDE = len(KINDS)


@dataclass(frozen=True)
class Owner:
    """A resource of the spec, or one that was: `noun` and `key`.

    `path` is where the spec has it, at `line` of `file`; empty and 0 if it does not. `order` is that of
    the kinds and of the spec.
    """

    noun: str
    key: str
    path: Path = ()
    file: str = ""
    line: int = 0
    order: tuple[int, int] = (_OUTSIDE, 0)

    @property
    def title(self) -> str:
        """Its noun and key."""
        return f"{self.noun} {self.key}".rstrip()

    @property
    def place(self) -> str:
        """Its file and line, empty if the spec does not have it."""
        return f"{self.file}:{self.line}" if self.line else ""


def noun_of(type_: str) -> str:
    """A resource type of Terraform in words, without provider and service: `log group`."""
    return re.sub(r"^aws_(api_gateway|[a-z0-9]+)_", "", type_).replace("_", " ")


class Owners:
    """The owners of the resources of a plan.

    `made` has the path in the spec of what each resource is rendered for, by its address. What the spec no
    longer has, and a plan does at `addresses`, belongs to the resource whose label its own begins with.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        document: Document,
        made: Mapping[str, Path],
        addresses: Iterable[str],
    ) -> None:
        self._document = document
        self._made = made
        self._parts = frozenset(made.values())
        self._pipeline = pipeline
        self._resources: dict[Path, tuple[AnyKind, str]] = {}
        for kind in KINDS:
            for resource in kind.of(pipeline):
                self._resources.setdefault(resource.path, (kind, resource.key))
        former = [without_index(address) for address in addresses if without_index(address) not in made]
        self._heads = _heads([*dict.fromkeys(former), *made])
        self._kinds_of_type = self._kinds_by_type()

    def of(self, address: str) -> Owner:
        """The owner of the resource at an address."""
        block = without_index(address)
        if block in self._made:
            return self.at(self._made[block])
        type_, _, label = block.partition(".")
        if not type_.startswith("aws_"):
            return Owner("resource", address)
        return self._former(type_, label) or Owner("resource", address)

    def several(self, address: str) -> bool:
        """Whether the owner of a resource has, or may have, others of its type."""
        type_ = address.partition(".")[0]
        owned = self._made.get(without_index(address))
        if owned is None or _is_alarm(type_):
            return True
        return sum(path == owned and made.startswith(f"{type_}.") for made, path in self._made.items()) > 1

    def at(self, path: Path) -> Owner:
        """The owner that a path of the spec is within."""
        for length in range(len(path), min(1, len(path) - 1), -1):
            if path[:length] in self._resources:
                kind, key = self._resources[path[:length]]
                return self._placed(_noun(kind), key, path[:length], kind)
        if len(path) > 1 and path[0] in _BY_SECTION:  # an endpoint, which is part of an API
            kind = _BY_SECTION[str(path[0])]
            part = next(
                (path[:end] for end in range(len(path), 2, -1) if path[:end] in self._parts), path[:2]
            )
            return self._placed(kind.noun, " ".join(map(str, (*part[2:], part[1]))), part, kind)
        return Owner("pipeline", self._pipeline.name, order=(-1, 0))

    def line(self, path: Path) -> int:
        """The line of a node of the spec, 0 if it does not have it."""
        place = self._document.place(path, key=True)
        return place.line if place.path[-1:] == path[-1:] else 0

    def _placed(self, noun: str, key: str, path: Path, kind: AnyKind) -> Owner:
        line = self.line(path)
        return Owner(noun, key, path, self._document.file, line, (KINDS.index(kind), line))

    def _former(self, type_: str, label: str) -> Owner | None:
        kind = _BY_ADDRESS.get(type_)
        if kind and (holder := self._holder(label)):
            return holder
        if kind and kind.type is not Alarm:
            return _gone(kind, label)
        return self._whole(type_, label) or (_gone(kind, label) if kind else None)

    def _holder(self, label: str) -> Owner | None:
        """The owner of a dead-letter queue."""
        for holder in holder_labels(label):
            for head in self._heads.get(holder, ()):
                return self.of(head)
        return None

    def _whole(self, type_: str, label: str) -> Owner | None:
        """The owner of a part: rather one of a kind that has parts of its type now."""
        words = label.split("_")
        beginnings = ["_".join(words[:length]) for length in range(len(words), 0, -1)]
        heads = [head for beginning in beginnings for head in self._heads.get(beginning, ())]
        known = self._kinds_of_type.get(type_, ())
        likely = [head for head in heads if _BY_ADDRESS[head.partition(".")[0]] in known]
        return next((self.of(head) for head in (*likely, *heads)), None)

    def _kinds_by_type(self) -> dict[str, set[AnyKind]]:
        kinds = defaultdict(set)
        for address, path in self._made.items():
            if path in self._resources:
                kinds[address.partition(".")[0]].add(self._resources[path][0])
        return kinds


def _is_alarm(type_: str) -> bool:
    kind = _BY_ADDRESS.get(type_)
    return kind is not None and kind.type is Alarm


def _heads(addresses: Iterable[str]) -> dict[str, list[str]]:
    """The addresses of whole resources of the spec by label; those of parts are not among them."""
    heads = defaultdict(list)
    for address in addresses:
        type_, _, label = address.partition(".")
        kind = _BY_ADDRESS.get(type_)
        if kind and kind.type is not Alarm:
            heads[label].append(address)
    return heads


def _gone(kind: AnyKind, label: str) -> Owner:
    return Owner(_noun(kind), label.replace("_", "-"), order=(KINDS.index(kind), 0))


def _noun(kind: AnyKind) -> str:
    """The noun of the resources of a kind: an API has endpoints."""
    return " ".join(_words(kind.type.__name__))


def _words(name: str) -> Iterator[str]:
    for word in re.findall(r"[A-Z][a-z]*", name):
        yield word.lower()
