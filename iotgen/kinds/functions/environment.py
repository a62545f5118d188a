"""Variables that a spec fills with what others have, or with the environment in a text, beside verbatim ones.

They hold a parameter's value, the URL of the API, where devices connect, or an attribute of a resource.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.kinds.attributes import SECTIONS, planned_attribute, usual_attribute
from iotgen.kinds.parameters import Parameter
from iotgen.kinds.user_pools import asked_of, client_id, has_client
from iotgen.model.api_address import api_label, written_address
from iotgen.model.context import label
from iotgen.model.expression import Expression, Reference, joined
from iotgen.model.kind import Resolving
from iotgen.model.live import Asked
from iotgen.problem import Path

_SECTION = "parameters"
# The data source that asks AWS where devices connect.
IOT_ENDPOINT = "aws_iot_endpoint"
DEVICES_HOST = Reference(f"data.{IOT_ENDPOINT}.devices.endpoint_address")


@dataclass(frozen=True, kw_only=True)
class Sourced:
    """A variable of a function with a value that has a source, at `path` in the spec."""

    variable: str
    value: str | Expression
    path: Path


@dataclass(frozen=True, kw_only=True)
class Filled(Sourced):
    """One with the value of the parameter `key`.

    `name` is the parameter's on AWS. A `secure` one is refused by a rule.
    """

    key: str
    name: str
    secure: bool


@dataclass(frozen=True, kw_only=True)
class Addressed(Sourced):
    """One with the URL of the API and `ending` after it."""

    ending: str


@dataclass(frozen=True, kw_only=True)
class Connecting(Sourced):
    """One with the host at which the account's devices connect."""


@dataclass(frozen=True, kw_only=True)
class Attributed(Sourced):
    """One with an attribute of the resource `key` of a section.

    Only a queue's URL and what is of a user pool are not known at plan time; `asked` is how AWS is asked for
    the latter, None where the access says it.
    """

    section: str
    key: str
    attribute: str
    asked: Asked | None


@dataclass(frozen=True, kw_only=True)
class Composed(Sourced):
    """One with a text in which suffix, account and so on are filled in."""


def sourced_variables(context: Resolving, function: str, settings: Mapping[str, Any]) -> tuple[Sourced, ...]:
    """Those of the environment of a function whose values have a source, source by source."""
    kinds = (_filled, _addressed, _connecting, _attributed, _composed)
    return tuple(one for kind in kinds for one in kind(context, function, settings))


def _filled(context: Resolving, function: str, settings: Mapping[str, Any]) -> Iterator[Filled]:
    for variable, key, path in _of(context, function, settings, "parameter"):
        if context.has(_SECTION, key, path):
            already = context.existing(_SECTION, key)
            name = already.name if already else context.resources.get(Parameter, key).name
            secure = bool(context.data[_SECTION][key].get("secure"))
            value = _value(context, key)
            yield Filled(variable=variable, value=value, path=path, key=key, name=name, secure=secure)


def _addressed(context: Resolving, function: str, settings: Mapping[str, Any]) -> Iterator[Addressed]:
    address = written_address(api_label(context))
    for variable, _, path in _of(context, function, settings, "api"):
        ending = settings[variable].get("path", "")
        value = joined(address, ending) if ending else address
        yield Addressed(variable=variable, value=value, path=path, ending=ending)


def _connecting(context: Resolving, function: str, settings: Mapping[str, Any]) -> Iterator[Connecting]:
    for variable, _, path in _of(context, function, settings, "iot"):
        yield Connecting(variable=variable, value=DEVICES_HOST, path=path)


def _attributed(context: Resolving, function: str, settings: Mapping[str, Any]) -> Iterator[Attributed]:
    for word, section in SECTIONS.items():
        for variable, key, path in _of(context, function, settings, word) if section != _SECTION else ():
            written = settings[variable]
            if context.has(section, key, path) and has_client(context, written, path[:-1]):
                attribute = written.get("attribute") or usual_attribute(context, section)
                client = written.get("client")
                yield Attributed(
                    variable=variable,
                    value=client_id(key, client)
                    if client
                    else planned_attribute(context, section, key, attribute),
                    path=path,
                    section=section,
                    key=key,
                    attribute=attribute,
                    asked=asked_of(attribute, client) if word == "user_pool" else None,
                )


def _composed(context: Resolving, function: str, settings: Mapping[str, Any]) -> Iterator[Composed]:
    for variable, text, path in _of(context, function, settings, "value"):
        yield Composed(variable=variable, value=context.with_account(text), path=path)


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
