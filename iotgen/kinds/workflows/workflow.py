"""A state machine of Step Functions as it will be on AWS."""

from dataclasses import dataclass, field

from iotgen.kinds.functions.allowed import Allowed
from iotgen.kinds.functions.managed import Managed
from iotgen.kinds.functions.role import ServiceRole
from iotgen.kinds.workflows.definition import Definition
from iotgen.kinds.workflows.tasks import Task
from iotgen.model.access import Grant
from iotgen.model.expression import Expression, Joined, Label
from iotgen.model.policy import Statement
from iotgen.model.resource import Resource
from iotgen.model.trigger import Trigger

SECTION = "workflows"
ADDRESS = "aws_sfn_state_machine"
STANDARD, EXPRESS = "standard", "express"
OFF = "none"


@dataclass(frozen=True, kw_only=True)
class Workflow(Resource):
    """A state machine with its role and its log group.

    `body` is its definition with the resources of the spec filled in, `arn` its own. `derived` are the grants
    that the definition makes necessary, `granted` those of its `access`; `open` are the tasks of which it is
    not known what they need.
    """

    type: str
    arn: Joined
    definition: Definition = field(hash=False)
    body: Joined
    log_level: str
    log_data: bool
    log_retention_days: int
    log_kms_key: str | Expression | None
    tracing: bool
    derived: tuple[Grant, ...] = field(hash=False)
    granted: tuple[Grant, ...] = field(hash=False)
    allowed: tuple[Allowed, ...]
    managed: tuple[Managed, ...]
    runs_as: ServiceRole
    open: tuple[Task, ...] = field(hash=False)
    statements: tuple[Statement, ...]
    triggers: tuple[Trigger, ...] = field(hash=False)

    @property
    def is_express(self) -> bool:
        """Whether it is an express workflow, of which AWS keeps no history."""
        return self.type == EXPRESS

    @property
    def logs(self) -> bool:
        """Whether it writes logs."""
        return self.log_level != OFF

    @property
    def log_group(self) -> str:
        """Its log group, under the prefix for which no policy of the account grows.

        https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
        """
        return f"/aws/vendedlogs/states/{self.name}"

    @property
    def role(self) -> Label:
        """The label of its role."""
        return self.runs_as.label

    @property
    def grants(self) -> tuple[Grant, ...]:
        """All that it may do with resources of the spec, each once."""
        found = {(one.section, one.key, str(one.verb)): one for one in (*self.derived, *self.granted)}
        return tuple(found.values())


def role_of(workflow: Label) -> Label:
    """The label of the role of the workflow with a label."""
    return Label(f"{workflow}__workflow")
