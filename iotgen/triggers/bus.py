"""The bus that a setting names: one of the spec's, or one outside of it by its name or ARN."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.model.arn import arn
from iotgen.model.context import Context
from iotgen.model.expression import Expression, Joined
from iotgen.model.outside import outside_name
from iotgen.problem import Path

SECTION = "buses"
# The bus that every account has.
DEFAULT = "default"


def rule_space(bus: str) -> str:
    """Where the name of a rule has to differ from others: each bus has names of its own.

    https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
    """
    return "event rule" if bus == DEFAULT else f"event rule of the bus `{bus}`"


@dataclass(frozen=True)
class NamedBus:
    """A bus by its name on AWS, its `key` in the spec, if it is there, and what Terraform calls it.

    `reference` is None for the default bus where nothing is written.
    """

    name: str
    key: str
    reference: str | Expression | None

    def rule_arn(self, context: Context, rule: str) -> Joined:
        """The ARN of a rule of the bus.

        https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
        """
        within = "" if self.name == DEFAULT else f"{self.name}/"
        return arn("events", context.region, f"rule/{within}{rule}")


def bus_of(context: Context, settings: Mapping[str, Any], path: Path) -> NamedBus | None:
    """The bus of the settings at `path`; None if it is not declared, which is reported."""
    written = settings.get("bus", DEFAULT)
    if not _is_key(context, written):
        return NamedBus(outside_name(written, context.forms[SECTION]), "", settings.get("bus"))
    if not context.has(SECTION, written, (*path, "bus")):
        return None
    return NamedBus(context.name_of(SECTION, written), written, context.attribute(SECTION, written, "name"))


def _is_key(context: Context, bus: str) -> bool:
    """Whether `bus` is the key of one; the default bus, a name with a slash and an ARN need none."""
    declared = context.references.declared.get(SECTION, ())
    return bus in declared or not (bus == DEFAULT or "/" in bus or ":" in bus)
