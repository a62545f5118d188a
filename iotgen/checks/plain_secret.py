"""A value in the spec looks like a secret."""

import re
from collections.abc import Iterator
from typing import Any

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Attributed, Function
from iotgen.kinds.parameters import Parameter
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path, Severity
from iotgen.spec.strict_json import read_json

# Some keys are no secrets: those of a table, a cache or a message.
_KEYS = re.compile(
    r"(?<!PARTITION)(?<!SORT)(?<!PRIMARY)(?<!PUBLIC)(?<!OBJECT)(?<!ROUTING)(?<!IDEMPOTENCY)(?<!CACHE)_KEY$"
)
# That of a table has a word for its value: the name of an attribute, or what one item is found by.
_WORD = re.compile(r"[a-z]{2,16}([_-][a-z]{1,16}){0,3}")
_NAMES = re.compile(
    r"(^|_)(API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|SECRET|SECRET_KEY|SIGNING_KEY|ENCRYPTION_KEY|TOKEN|PASSWORD"
    r"|PASSWD|PASSPHRASE|CREDENTIALS?)$"
)
_VALUES = re.compile(
    r"\b(AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY|\bgh[pousr]_[A-Za-z0-9]{36}|\bxox[abprs]-"
)

# The address of a secret rather than the secret, or no text at all.
_HARMLESS = re.compile(r"arn:|/|https?://|(true|false|[0-9.]+)$", re.IGNORECASE)


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each text whose name or form is that of a secret; the message does not show the text."""
    reported: set[Path] = set()
    for function in pipeline.all(Function):
        resources = {one.variable for one in function.variables(Attributed)}
        for name, value in function.environment.items():
            path = function.variable(name)
            if (
                path not in reported
                and name not in resources
                and isinstance(value, str)
                and _secret(name, value)
            ):
                reported.add(path)
                message = (
                    f"`{name}` looks like a secret, "
                    "but everyone who may view the function can read its environment"
                )
                yield Finding(path, message, "Move it to a parameter with `secure: true`.")
    for parameter in pipeline.all(Parameter):
        for path, name in _parameter_secrets(parameter):
            message = (
                f"`{name}` looks like a secret, but a plain parameter is readable in the state and the spec"
            )
            yield Finding(path, message, "Move it to a parameter of its own with `secure: true`.")


def _secret(name: str, value: str) -> bool:
    if not value or _HARMLESS.match(value):
        return False
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[-. ]", "_", name).upper()
    key = _KEYS.search(words) and not _WORD.fullmatch(value)
    return bool(key or _NAMES.search(words) or _VALUES.search(value))


def _parameter_secrets(parameter: Parameter) -> Iterator[tuple[Path, str]]:
    text = parameter.value or ""
    try:
        content = read_json(text)
    except ValueError:
        content = text
    yield from _texts(content, (*parameter.path, parameter.setting), parameter.key)


def _texts(value: Any, path: Path, name: str) -> Iterator[tuple[Path, str]]:
    """Place and name of each secret in `value`."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*path, key), key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, index), name)
    elif isinstance(value, str) and _secret(name, value):
        yield path, name


RULE = Rule(
    code="IOT322",
    severity=Severity.WARNING,
    summary="A value in the spec looks like a secret.",
    why=(
        "A value in `environment` or in a plain parameter can be read by everyone who may read the "
        "spec, Terraform's state, or the function's configuration. The value of a parameter with `secure: "
        "true` is in none of these, and is encrypted in Parameter Store."
    ),
    fix="Move it to a parameter with `secure: true`, and read that in the function.",
    ignore="The value is not a secret, such as the name of a key or a placeholder.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
    check=check,
)
