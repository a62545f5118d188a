"""A Lambda function as it will be on AWS."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from iotgen.kinds.functions.vpc import Vpc
from iotgen.kinds.layers import Layer
from iotgen.model.access import Grant
from iotgen.model.dead_letters import Holder
from iotgen.model.expression import Expression
from iotgen.model.pipeline import Pipeline
from iotgen.model.policy import Statement
from iotgen.model.trigger import Trigger
from iotgen.problem import Path

SECTION = "functions"
ADDRESS = "aws_lambda_function"

T = TypeVar("T", bound=Trigger)


@dataclass(frozen=True, kw_only=True)
class Function(Holder):
    """A Lambda function with its role, log group and dead-letter queue.

    `environment` holds literal texts and references; `memory` is in MiB; `inherited` names the settings
    that come from `defaults.function`.
    """

    inherited: frozenset[str]
    description: str | None
    source: str
    include: tuple[str, ...]
    handler: str
    runtime: str
    architecture: str
    memory: int
    timeout: int
    reserved_concurrency: int | None
    log_retention_days: int
    log_level: str
    layers: tuple[Layer, ...]
    vpc: Vpc | None
    code_signing: str | None
    environment: Mapping[str, str | Expression]
    grants: tuple[Grant, ...]
    statements: tuple[Statement, ...]
    triggers: tuple[Trigger, ...]

    def by(self, kind: type[T]) -> tuple[T, ...]:
        """Its triggers of one kind."""
        return tuple(trigger for trigger in self.triggers if isinstance(trigger, kind))

    @property
    def queue_concurrency(self) -> int:
        """How many executions at a time its triggers with a maximum may take of what is reserved."""
        return sum(trigger.concurrency or 0 for trigger in self.triggers)

    @property
    def request_concurrency(self) -> int | None:
        """How many executions at a time these always leave to others; None without a reservation."""
        if self.reserved_concurrency is None:
            return None
        return max(0, self.reserved_concurrency - self.queue_concurrency)

    def setting(self, name: str) -> Path:
        """Where in the spec a setting stands: with the function, or with the defaults of all."""
        return ("defaults", "function", name) if name in self.inherited else (*self.path, name)

    @property
    def zip(self) -> str:
        """Where its zip lies in the rendered folder."""
        return f"artifacts/{self.key}.zip"


def runtimes_of(pipeline: Pipeline) -> dict[str, Path]:
    """The functions' runtimes, each with its first place in the spec."""
    found: dict[str, Path] = {}
    for function in pipeline.all(Function):
        found.setdefault(function.runtime, function.setting("runtime"))
    return found


def standard_variables(function: str, pipeline: str, suffix: str) -> dict[str, str]:
    """What every function's logs and metrics are called; alarms on metrics look for these names."""
    return {
        "POWERTOOLS_SERVICE_NAME": function,
        "POWERTOOLS_METRICS_NAMESPACE": f"{pipeline}-{suffix}",
    }
