"""The base of all resources, and a collection of them by type."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeVar, cast

from iotgen.model.expression import Label
from iotgen.problem import Path


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A resource: its `key` in the spec, `name` on AWS, Terraform `label`, and `path` in the spec.

    `former` are the labels of its earlier keys, oldest first. `given` is the name that the spec gives it,
    with its placeholders; empty where its key makes it. `tags` are those of its own, None without any.
    """

    key: str
    name: str
    label: Label
    path: Path
    former: tuple[Label, ...] = ()
    given: str = ""
    tags: Mapping[str, str] | None = field(default=None, hash=False)

    @property
    def named_at(self) -> Path:
        """The path of what makes its name: the setting `name`, or the resource itself."""
        return (*self.path, "name") if self.given else self.path

    @property
    def moved(self) -> dict[Label, tuple[Label, ...]]:
        """The labels before, by the label, as a rendering of its own resources has them."""
        return {self.label: self.former}

    @property
    def least_provider(self) -> tuple[int, int] | None:
        """The oldest AWS provider that can make it, if not every allowed one can."""
        return None


def steps(former: tuple[Label, ...], label: Label) -> Iterator[tuple[Label, Label]]:
    """Each move from a label to the next one, up to that of today, which may be the first one again."""
    return ((old, new) for old, new in pairwise((*former, label)) if old != label)


R = TypeVar("R", bound=Resource)


@dataclass(frozen=True, kw_only=True)
class Resources:
    """Resources by their type, each type in the order of the spec."""

    by_type: Mapping[type[Resource], tuple[Resource, ...]]

    def all(self, kind: type[R]) -> tuple[R, ...]:
        """Every resource of a type."""
        return cast("tuple[R, ...]", self.by_type.get(kind, ()))

    def one(self, kind: type[R]) -> R | None:
        """The resource of a type that a pipeline has at most one of."""
        return next(iter(self.all(kind)), None)

    def get(self, kind: type[R], key: str) -> R:
        """The resource with a key; KeyError if there is none."""
        for resource in self.all(kind):
            if resource.key == key:
                return resource
        raise KeyError(key)


# The keyword arguments that every resource has.
Common = dict[str, Any]
