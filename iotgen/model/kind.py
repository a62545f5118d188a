"""A kind of resource: everything about a section of the spec, in one place."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic

from iotgen.model.access import Access
from iotgen.model.alarm import Alarm, AlarmMaker
from iotgen.model.change import Attributes, Deployed
from iotgen.model.contents import Look, Refusal
from iotgen.model.context import Context
from iotgen.model.cost import Costs
from iotgen.model.derived import Derived
from iotgen.model.drawing import Part
from iotgen.model.log_group import LogGroup
from iotgen.model.outside import Form, Outside
from iotgen.model.pipeline import Pipeline
from iotgen.model.preflight import Account, Check
from iotgen.model.rendering import Digests, Output, Rendering
from iotgen.model.resource import R, Resource, Resources
from iotgen.model.status import Status
from iotgen.model.traces import Traces
from iotgen.problem import Finding, Path

Settings = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Name:
    """A name on AWS: `what` has it, and how many characters AWS allows.

    Names in one `space` must differ in the form that AWS has `compared`. `path` is the origin in the spec, if
    it is not the resource itself; `given` if that is a setting with the name, of which there is no key.
    """

    what: str
    text: str
    space: str
    least: int = 1
    most: int
    compared: str = ""
    path: Path = ()
    given: bool = False


def role_name(what: str, text: str, path: Path = (), *, given: bool = False) -> Name:
    """The name of a role, which no other may have in other capitals either.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
    """
    return Name(what=what, text=text, space="role", most=64, compared=text.lower(), path=path, given=given)


@dataclass(frozen=True)
class Resolving(Context):
    """A context with the resources of earlier kinds."""

    resources: Resources
    accesses: Mapping[str, Access]


@dataclass(frozen=True, kw_only=True, eq=False)
class Kind(Generic[R]):
    """A section of the spec and its kind of resource: all that the stages and commands need to know of it."""

    section: str
    # Its word in messages, and its type in Terraform.
    noun: str
    type: type[R]
    address: str
    # Whether other parts of a spec refer to its resources by key.
    referred: bool
    # The settings of which one must refer to a resource, None if none must.
    used_in: str | None
    resolve: Callable[[Resolving], tuple[R, ...]]
    # A resource's names on AWS.
    names: Callable[[R], Iterable[Name]]
    # Of all resources of the kind.
    render: Callable[[tuple[R, ...], Digests], Iterable[Rendering]]
    outputs: Callable[[tuple[R, ...]], Iterable[Output]]
    alarms: Callable[[AlarmMaker, Settings, tuple[R, ...]], Iterable[Alarm]] | None
    # The log groups that a resource writes to.
    logs: Callable[[R], Iterable[LogGroup]]
    # What is shown of deployed resources, None for nothing.
    status: Status[R] | None
    # How readings are looked for in them, None if not at all.
    traces: Traces[R] | None
    # The changes of deployed resources that an apply cannot make.
    changes: Callable[[tuple[R, ...], Pipeline, Deployed], Iterable[Finding]] | None
    # How much a deployed resource holds, None if nothing is lost with it.
    contents: Look | None
    # By what AWS refuses to destroy a deployed resource, None if it never does.
    refuses: Refusal | None
    # Whether all that a deployed resource holds is in the spec too, None if never.
    in_spec: Callable[[Attributes], bool] | None
    # The types in Terraform for which an apply takes long, and why.
    waits: Mapping[str, str]
    # What the account must have for them.
    preflight: Callable[[tuple[R, ...], Account], Iterable[Check]] | None
    # Whether they have the setting `renamed_from`.
    renamable: bool
    # How functions use them.
    access: Access | None
    # A resource's settings that follow from others where the spec leaves them open.
    derived: Callable[[R], Iterable[Derived]]
    # What a picture of the pipeline shows of them.
    drawing: Callable[[tuple[R, ...], Pipeline], Iterable[Part]]
    # What AWS bills for them.
    costs: Costs[R]
    # How those that exist already are found, None if the spec cannot refer to any.
    existing: Form | None

    def of(self, resources: Resources) -> tuple[R, ...]:
        """Its resources."""
        return resources.all(self.type)

    def known(self, resources: Resources) -> tuple[Resource, ...]:
        """The same, with those of the section that exist already."""
        outside = (one for one in resources.all(Outside) if one.section == self.section)
        return (*self.of(resources), *outside)


AnyKind = Kind[Any]


def no_names(_resource: Resource) -> Iterable[Name]:
    """The names of a kind whose resources have none on AWS."""
    return ()


def no_outputs(_resources: tuple[Resource, ...]) -> Iterable[Output]:
    """The outputs of a kind that has none."""
    return ()
