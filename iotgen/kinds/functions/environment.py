"""Variables that a spec fills from parameters, beside those that it writes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.kinds.parameters import Parameter
from iotgen.model.context import label
from iotgen.model.expression import Expression, Reference
from iotgen.model.kind import Resolving
from iotgen.problem import Path

_SECTION = "parameters"


@dataclass(frozen=True)
class Filled:
    """A variable with the value of the parameter `key`, at `path` in the spec.

    `name` is the parameter's on AWS. A `secure` one is refused by a rule.
    """

    variable: str
    key: str
    name: str
    value: str | Expression
    secure: bool
    path: Path


def filled_variables(context: Resolving, function: str, settings: Mapping[str, Any]) -> tuple[Filled, ...]:
    """Those of the environment of a function."""
    return tuple(_filled(context, function, settings))


def _filled(context: Resolving, function: str, settings: Mapping[str, Any]) -> Iterator[Filled]:
    own = context.written["functions"][function].get("environment") or {}
    for variable, written in settings.items():
        if not isinstance(written, Mapping):
            continue
        place = ("functions", function) if variable in own else ("defaults", "function")
        key, path = written["parameter"], (*place, "environment", variable, "parameter")
        if context.has(_SECTION, key, path):
            already = context.existing(_SECTION, key)
            name = already.name if already else context.resources.get(Parameter, key).name
            secure = bool(context.data[_SECTION][key].get("secure"))
            yield Filled(variable, key, name, _value(context, key), secure, path)


def _value(context: Resolving, key: str) -> str | Expression:
    """The value, which a plan shows: it is no secret."""
    if context.existing(_SECTION, key):
        return Reference(f"data.aws_ssm_parameter.{label(key)}.insecure_value")
    own = context.resources.get(Parameter, key)
    return Reference(f"aws_ssm_parameter.{own.label}.value") if own.kept else own.value or ""
