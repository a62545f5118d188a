"""The base of all resources, and a collection of them by type."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from iotgen.model.expression import Label
from iotgen.problem import Path


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A resource: its `key` in the spec, `name` on AWS, Terraform `label`, and `path` in the spec."""

    key: str
    name: str
    label: Label
    path: Path


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
