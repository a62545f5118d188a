"""A rule of AWS IoT as it will be on AWS."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from iotgen.iot_sql import Query
from iotgen.model.called import Called
from iotgen.model.dead_letters import Holder, Retry
from iotgen.model.expression import Expression, Label
from iotgen.model.pipeline import Named
from iotgen.model.policy import Statement
from iotgen.model.resource import Resource
from iotgen.problem import Path

SECTION = "rules"
ADDRESS = "aws_iot_topic_rule"


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a rule sends messages: the resource `key` of `section`, or a topic of MQTT.

    `block` is the action's name in Terraform, and `body` its settings. `verb` is the one of `access` by which
    a function would do the same. `templates` are those settings of the spec that hold expressions in `${}`,
    by their paths below the target.
    `text` is what an edge of a drawing says. `called` is how it addresses a function, `log_group` the name of
    a log group on AWS, and `declared` whether it is the spec's own.
    """

    word: str
    section: str
    key: str
    path: Path
    block: str
    body: Mapping[str, Any]
    statements: tuple[Statement, ...]
    verb: str = ""
    templates: Mapping[Path, str] = field(default_factory=dict)
    through: str | None = None
    text: str = ""
    called: Called | None = None
    log_group: str = ""
    declared: bool = False

    @property
    def head(self) -> Named:
        """The path of the resource that it names."""
        return (self.section, self.key)


@dataclass(frozen=True, kw_only=True)
class Rule(Resource):
    """A rule, with its role; what its actions fail at goes to `on_error`.

    `sql_path` is where the spec has its SQL, of which `query` is what is known. `statement` is the SQL with
    the ARNs of the functions that it calls, and `invoked` how it addresses them, by their keys.
    """

    description: str | None
    sql: str
    statement: str | Expression
    invoked: Mapping[str, Called]
    sql_path: Path
    query: Query
    targets: tuple[Target, ...]
    on_error: Target
    statements: tuple[Statement, ...]

    @property
    def role_name(self) -> str:
        """The name of its role."""
        return self.name.replace("_", "-") + "-rule"

    @property
    def role(self) -> Label:
        """The label of its role."""
        return Label(f"{self.label}__rule")

    @property
    def every_target(self) -> tuple[Target, ...]:
        """Its targets, and the one of its error action."""
        return (*self.targets, self.on_error)

    @property
    def called(self) -> dict[str, Called]:
        """How it addresses the functions that it invokes, as targets or in its SQL, by their keys."""
        return {**{one.key: one.called for one in self.every_target if one.called}, **self.invoked}

    @property
    def basic_ingest(self) -> str:
        """The beginning of the topics by which messages reach this rule alone, without the broker."""
        return f"$aws/rules/{self.name}"


@dataclass(frozen=True, kw_only=True)
class KeepingRule(Rule, Holder):
    """A rule with a dead-letter queue of its own, where the spec names no other place for what fails."""

    @property
    def retry(self) -> Retry:
        """By publishing the message again, to this rule alone."""
        return Retry.PUBLISH
