"""Variables that a spec fills with what others have, or with the environment in a text, beside verbatim ones.

They hold a parameter's value, the URL of the API, where devices connect, or an attribute of a resource.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.kinds.attributes import SECTIONS, planned_attribute, usual_attribute
from iotgen.kinds.parameters import Parameter
from iotgen.model.api_address import api_label, written_address
from iotgen.model.context import label
from iotgen.model.expression import Expression, Reference, joined
from iotgen.model.kind import Resolving
from iotgen.problem import Path

_SECTION = "parameters"
# The data source that asks AWS where devices connect.
IOT_ENDPOINT = "aws_iot_endpoint"
DEVICES_HOST = Reference(f"data.{IOT_ENDPOINT}.devices.endpoint_address")


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


@dataclass(frozen=True)
class Addressed:
    """A variable with the URL of the API and `ending` after it, at `path` in the spec."""

    variable: str
    ending: str
    value: Expression
    path: Path


@dataclass(frozen=True)
class Connecting:
    """A variable with the host at which the account's devices connect, at `path` in the spec."""

    variable: str
    value: Expression
    path: Path


@dataclass(frozen=True)
class Attributed:
    """A variable with an attribute of the resource `key` of a section, at `path` in the spec.

    Only a queue's URL is not known at plan time.
    """

    variable: str
    section: str
    key: str
    attribute: str
    value: str | Expression
    path: Path


def filled_variables(context: Resolving, function: str, settings: Mapping[str, Any]) -> tuple[Filled, ...]:
    """Those of the environment of a function that have the value of a parameter."""
    return tuple(_filled(context, function, settings))


def _filled(context: Resolving, function: str, settings: Mapping[str, Any]) -> Iterator[Filled]:
    for variable, key, path in _of(context, function, settings, "parameter"):
        if context.has(_SECTION, key, path):
            already = context.existing(_SECTION, key)
            name = already.name if already else context.resources.get(Parameter, key).name
            secure = bool(context.data[_SECTION][key].get("secure"))
            yield Filled(variable, key, name, _value(context, key), secure, path)


def addressed_variables(
    context: Resolving, function: str, settings: Mapping[str, Any]
) -> tuple[Addressed, ...]:
    """Those of the environment of a function that have the URL of the API."""
    return tuple(_addressed(context, function, settings))


def _addressed(context: Resolving, function: str, settings: Mapping[str, Any]) -> Iterator[Addressed]:
    address = written_address(api_label(context))
    for variable, _, path in _of(context, function, settings, "api"):
        ending = settings[variable].get("path", "")
        yield Addressed(variable, ending, joined(address, ending) if ending else address, path)


def composed_variables(
    context: Resolving, function: str, settings: Mapping[str, Any]
) -> dict[str, str | Expression]:
    """Those of the environment of a function that have a text with suffix, account and so on filled in."""
    texts = _of(context, function, settings, "value")
    return {variable: context.with_account(text) for variable, text, _ in texts}


def connecting_variables(
    context: Resolving, function: str, settings: Mapping[str, Any]
) -> tuple[Connecting, ...]:
    """Those of the environment of a function that have the host of AWS IoT."""
    return tuple(
        Connecting(variable, DEVICES_HOST, path)
        for variable, _, path in _of(context, function, settings, "iot")
    )


def attributed_variables(
    context: Resolving, function: str, settings: Mapping[str, Any]
) -> tuple[Attributed, ...]:
    """Those of the environment of a function that have an attribute of a resource."""
    return tuple(
        _attributed(context, variable, section, key, settings[variable], path)
        for word, section in SECTIONS.items()
        if section != _SECTION
        for variable, key, path in _of(context, function, settings, word)
        if context.has(section, key, path)
    )


def _attributed(
    context: Resolving, variable: str, section: str, key: str, written: Mapping[str, str], path: Path
) -> Attributed:
    attribute = written.get("attribute") or usual_attribute(context, section)
    value = planned_attribute(context, section, key, attribute)
    return Attributed(variable, section, key, attribute, value, path)


def _of(
    context: Resolving, function: str, settings: Mapping[str, Any], word: str
) -> Iterator[tuple[str, str, Path]]:
    """The name of each variable from a source, what it takes of it, and where the spec has that."""
    own = context.written["functions"][function].get("environment") or {}
    for variable, written in settings.items():
        if isinstance(written, Mapping) and word in written:
            place = ("functions", function) if variable in own else ("defaults", "function")
            yield variable, written[word], (*place, "environment", variable, word)


def _value(context: Resolving, key: str) -> str | Expression:
    """The value, which a plan shows: it is no secret."""
    if context.existing(_SECTION, key):
        return Reference(f"data.aws_ssm_parameter.{label(key)}.insecure_value")
    own = context.resources.get(Parameter, key)
    return Reference(f"aws_ssm_parameter.{own.label}.value") if own.kept else own.value or ""
