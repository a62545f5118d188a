"""A kind of resource: everything about a section of the spec, in one place."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic

from iotgen.model.access import Access
from iotgen.model.alarm import Alarm, AlarmMaker
from iotgen.model.change import Deployed
from iotgen.model.contents import Look
from iotgen.model.context import Context
from iotgen.model.log_group import LogGroup
from iotgen.model.pipeline import Pipeline
from iotgen.model.rendering import Digests, Output, Rendering
from iotgen.model.resource import R, Resource, Resources
from iotgen.problem import Finding, Path

Settings = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Name:
    """A name on AWS: `what` has it, and how many characters AWS allows.

    Names in one `space` must differ in the form that AWS has `compared`. `path` is the origin in the spec, if
    it is not the resource itself.
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
    """A context with the resources of earlier kinds."""

    resources: Resources
    accesses: Mapping[str, Access]


@dataclass(frozen=True, kw_only=True, eq=False)
class Kind(Generic[R]):
    """A section of the spec and its kind of resource.

    `noun` is its word in messages, `address` its type in Terraform. `referred` is whether other parts of a
    spec refer to its resources by key; `used_in` names the settings of which one must refer to a resource,
    None if none must. `names` are a resource's names on AWS; `render`, `outputs` and `alarms` are for all
    resources of the kind; `logs` are the log groups that a resource writes to; `changes` are the changes of
    deployed ones that an apply cannot make; `contents` says how much a deployed one holds, None if nothing is
    lost with it; `access` is how functions use them.
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
    logs: Callable[[R], Iterable[LogGroup]]
    changes: Callable[[tuple[R, ...], Pipeline, Deployed], Iterable[Finding]] | None
    contents: Look | None
    access: Access | None

    def of(self, resources: Resources) -> tuple[R, ...]:
        """Its resources."""
        return resources.all(self.type)


AnyKind = Kind[Any]


def no_names(_resource: Resource) -> Iterable[Name]:
    """The names of a kind whose resources have none on AWS."""
    return ()


def no_outputs(_resources: tuple[Resource, ...]) -> Iterable[Output]:
    """The outputs of a kind that has none."""
    return ()
