"""A Lambda function as it will be on AWS."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from iotgen.kinds.accepting import Accepted
from iotgen.kinds.functions.allowed import Allowed
from iotgen.kinds.functions.asynchronous import Asynchronous, Destination
from iotgen.kinds.functions.code import Image
from iotgen.kinds.functions.environment import Sourced
from iotgen.kinds.functions.managed import Managed
from iotgen.kinds.functions.role import ServiceRole
from iotgen.kinds.functions.rollout import Rollout
from iotgen.kinds.functions.url import Url
from iotgen.kinds.functions.vpc import Vpc
from iotgen.kinds.layers import Layer
from iotgen.model.access import Grant
from iotgen.model.called import Called
from iotgen.model.dead_letters import Holder, Retry
from iotgen.model.expression import Expression
from iotgen.model.pipeline import Pipeline
from iotgen.model.policy import Statement
from iotgen.model.runtimes import FIRST_PROVIDER, PYTHON, language
from iotgen.model.trigger import Trigger
from iotgen.problem import Path

SECTION = "functions"
ADDRESS = "aws_lambda_function"

T = TypeVar("T", bound=Trigger)
S = TypeVar("S", bound=Sourced)


@dataclass(frozen=True, kw_only=True)
class Function(Holder):
    """A Lambda function with its role, log group and dead-letter queue.

    Its callers address it by `called`. `environment` holds literal texts and references; `memory` is in MiB;
    `inherited` names the settings that come from `defaults.function`. Its code is the folder `source`, the
    zip `artifact`, which is built already, or an `image`; the other two are empty, and with an image so are
    `handler` and `runtime`. `handler` is empty, too, where the spec lacks it.
    `log_group` is the name of its log group, `log_group_given` the one that the spec gives it, empty without
    one. `accepted` are the services outside of the spec that invoke it. `statements` are what its role has to
    allow, which iotgen writes into a role that it makes.
    """

    called: Called
    inherited: frozenset[str]
    inherited_variables: frozenset[str]
    description: str | None
    source: str
    artifact: str
    image: Image | None
    include: tuple[str, ...]
    handler: str
    runtime: str
    architecture: str
    memory: int
    timeout: int
    reserved_concurrency: int | None
    log_group: str
    log_group_given: str
    log_retention_days: int
    log_level: str
    layers: tuple[Layer, ...]
    ephemeral_storage: int
    vpc: Vpc | None
    code_signing: str | None
    url: Url | None
    rollout: Rollout | None
    environment: Mapping[str, str | Expression]
    sourced: tuple[Sourced, ...]
    log_kms_key: str | Expression | None
    grants: tuple[Grant, ...]
    allowed: tuple[Allowed, ...]
    runs_as: ServiceRole
    managed: tuple[Managed, ...]
    asynchronous: Asynchronous | None
    accepted: tuple[Accepted, ...]
    statements: tuple[Statement, ...]
    triggers: tuple[Trigger, ...]

    @property
    def kms_key(self) -> str | Expression | None:
        """The ARN of the KMS key of its environment and its dead letters, None with AWS's own."""
        return self.dead_letter_kms_key

    @property
    def retry(self) -> Retry:
        """By invoking the function again, asynchronously."""
        return Retry.EVENT

    @property
    def retried(self) -> str:
        """What its other callers call, too."""
        return self.called.name

    @property
    def permitted_by(self) -> tuple[str, ...]:
        """What gives its role the permissions, as Terraform addresses it."""
        return self.runs_as.permitted_by(self.managed)

    @property
    def rollout_role(self) -> str:
        """The name of the role by which CodeDeploy shifts its calls."""
        return f"{self.name}-rollout"

    @property
    def destinations(self) -> tuple[Destination, ...]:
        """Where the records of its asynchronous calls go."""
        return self.asynchronous.destinations if self.asynchronous else ()

    def by(self, kind: type[T]) -> tuple[T, ...]:
        """Its triggers of one kind."""
        return tuple(trigger for trigger in self.triggers if isinstance(trigger, kind))

    def variables(self, kind: type[S]) -> tuple[S, ...]:
        """Its variables with values from one kind of source."""
        return tuple(one for one in self.sourced if isinstance(one, kind))

    @property
    def queue_concurrency(self) -> int:
        """The concurrent executions that its triggers with a maximum may take of the reservation."""
        return sum(trigger.concurrency or 0 for trigger in self.triggers)

    @property
    def request_concurrency(self) -> int | None:
        """The concurrent executions that remain for requests; None without a reservation."""
        if self.reserved_concurrency is None:
            return None
        return max(0, self.reserved_concurrency - self.queue_concurrency)

    def setting(self, name: str) -> Path:
        """The path of a setting in the spec: with the function, or in the defaults."""
        return ("defaults", "function", name) if name in self.inherited else (*self.path, name)

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that its zip is made of, none where iotgen makes no zip."""
        return (self.source, *self.include) if self.source else ()

    @property
    def language(self) -> str:
        """The language of its runtime, empty with an image."""
        return language(self.runtime)

    @property
    def entry(self) -> str:
        """Its handler as Python imports it, with dots between all parts."""
        return self.handler.replace("/", ".")

    @property
    def read(self) -> bool:
        """Whether iotgen reads its code."""
        return self.language == PYTHON and bool(self.source)

    @property
    def least_provider(self) -> tuple[int, int] | None:
        """The first provider that accepts its runtime, if not every one does."""
        return FIRST_PROVIDER.get(self.runtime)

    def variable(self, name: str) -> Path:
        """The path of a variable of its `environment` in the spec: with the function, or in the defaults."""
        shared = name in self.inherited_variables
        return (*(("defaults", "function") if shared else self.path), "environment", name)

    @property
    def zip(self) -> str:
        """The path of its zip in the rendered folder."""
        return f"artifacts/{self.key}.zip"


def runtimes_of(pipeline: Pipeline) -> dict[str, Path]:
    """The functions' runtimes, each with its first place in the spec."""
    runtimes: dict[str, Path] = {}
    for function in pipeline.all(Function):
        if not function.image:
            runtimes.setdefault(function.runtime, function.setting("runtime"))
    return runtimes


# https://docs.powertools.aws.dev/lambda/python/latest/#environment-variables
SERVICE_NAME = "POWERTOOLS_SERVICE_NAME"
METRICS_NAMESPACE = "POWERTOOLS_METRICS_NAMESPACE"


def standard_variables(function: str, pipeline: str, suffix: str) -> dict[str, str]:
    """The variables for Powertools, which name a function's logs and metrics; metric alarms follow them.

    A function's own `environment` may name them otherwise.
    """
    return {
        SERVICE_NAME: function,
        METRICS_NAMESPACE: f"{pipeline}-{suffix}",
    }
