"""A kind of resource: all that is true of a section of the spec, in one place."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic

from iotgen.model.access import Access
from iotgen.model.alarm import Alarm, AlarmMaker
from iotgen.model.change import Deployed
from iotgen.model.context import Context
from iotgen.model.pipeline import Pipeline
from iotgen.model.rendering import Digests, Output, Rendering
from iotgen.model.resource import R, Resource, Resources
from iotgen.problem import Finding, Path

Settings = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Name:
    """A name on AWS: of `what` it is, and how many characters AWS allows.

    No two in one `space` are the same, as they are `compared` by AWS. `path` is where in the spec it comes
    from, where that is not the resource itself.
    """

    what: str
    text: str
    space: str
    least: int = 1
    most: int
    compared: str = ""
    path: Path = ()


@dataclass(frozen=True)
class Resolving(Context):
    """A context in which the kinds before this one are resolved."""

    resources: Resources
    accesses: Mapping[str, Access]


@dataclass(frozen=True, kw_only=True, eq=False)
class Kind(Generic[R]):
    """A section of the spec, and what its resources are.

    `noun` is what messages call one; `address` its type in Terraform. `referred` is whether other parts of a
    spec name its resources by their keys; `used_in` says where a resource has to be named to be of use, None
    where none has to. `names` gives a resource's names on AWS; `render`, `outputs` and `alarms` what is made
    of all resources of the kind; `changes` says which changes of a deployed one an apply cannot make;
    `access` says how functions use them.
    """

    section: str
    noun: str
    type: type[R]
    address: str
    referred: bool
    used_in: str | None
    resolve: Callable[[Resolving], tuple[R, ...]]
    names: Callable[[R], Iterable[Name]]
    render: Callable[[tuple[R, ...], Digests], Iterable[Rendering]]
    outputs: Callable[[tuple[R, ...]], Iterable[Output]]
    alarms: Callable[[AlarmMaker, Settings, tuple[R, ...]], Iterable[Alarm]] | None
    changes: Callable[[tuple[R, ...], Pipeline, Deployed], Iterable[Finding]] | None
    access: Access | None

    def of(self, resources: Resources) -> tuple[R, ...]:
        """Its resources."""
        return resources.all(self.type)


AnyKind = Kind[Any]


def no_names(_resource: Resource) -> Iterable[Name]:
    """For a kind whose resources have no names of their own on AWS."""
    return ()


def no_outputs(_resources: tuple[Resource, ...]) -> Iterable[Output]:
    """For a kind that nobody outside has to find."""
    return ()
