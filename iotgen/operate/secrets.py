"""Secrets: the values of secure parameters and of secrets, which AWS holds and nothing else does."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from iotgen.errors import IotgenError, UsageError
from iotgen.kinds.functions import Function
from iotgen.kinds.parameters import UNSET, Parameter
from iotgen.kinds.parameters.values import broken_rule
from iotgen.kinds.secrets import Secret as Managed
from iotgen.model.outside import Outside
from iotgen.model.pipeline import Pipeline
from iotgen.model.resource import Resource
from iotgen.operate.refusal import error_code, explaining
from iotgen.spec.document import Document
from iotgen.spec.nearest import nearest

# What a value may have in bytes, by tier.
# https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
MOST_BYTES = {"Standard": 4096, "Advanced": 8192}
# How many names DescribeParameters takes in a filter.
# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html
_NAMES_IN_A_CALL = 50


@dataclass(frozen=True)
class Stored:
    """What AWS says of a secret; `is_set` is None where the caller may not decrypt it.

    `version` and `changed_by` are those of a parameter.
    """

    version: int | None
    changed: datetime
    changed_by: str
    is_set: bool | None


@dataclass(frozen=True)
class Secret:
    """A secret, and the functions that read it; `stored` is None where AWS has none yet."""

    key: str
    name: str
    place: str
    readers: tuple[str, ...]
    stored: Stored | None


def find_secret(pipeline: Pipeline, document: Document, key: str) -> Parameter | Managed:
    """The secure parameter or the secret with a key; UsageError if there is none, or both."""
    parameters = {parameter.key: parameter for parameter in pipeline.all(Parameter)}
    managed = {secret.key: secret for secret in pipeline.all(Managed)}
    found = parameters.get(key)
    if key in managed:
        if found is not None and found.secure:
            message = f"`{key}` is a parameter and a secret, at {document.where(found.path)} and "
            message += document.where(managed[key].path)
            raise UsageError(message, "Give one of them another key, with `renamed_from`.")
        return managed[key]
    if found is not None and not found.secure:
        place = document.where((*found.path, "value"))
        message = f"the parameter `{key}` is not secure: the spec holds its value, at {place}"
        raise UsageError(message, "Change it there, then run `iotgen apply`.")
    if found is None:
        _refuse_outside(pipeline, document, key)
        secure = [*(name for name, parameter in parameters.items() if parameter.secure), *managed]
        meant = nearest(key, secure)
        suggestion = f"; did you mean `{meant}`?" if meant else ""
        listed = ", ".join(f"`{name}`" for name in secure)
        hint = f"Choose one of {listed}." if listed else "Add one under `parameters`, with `secure: true`."
        raise UsageError(f"there is no secure parameter `{key}`{suggestion}", hint)
    return found


def _refuse_outside(pipeline: Pipeline, document: Document, key: str) -> None:
    for one in pipeline.all(Outside):
        if one.path == ("secrets", key):
            message = f"the secret `{key}` exists already, and iotgen does not change it"
            raise UsageError(
                message, f"Ask whoever owns `{one.name}`, which {document.where(one.path)} names."
            )


def secrets(pipeline: Pipeline, document: Document, ssm: Any) -> Iterator[Secret]:
    """Every secure parameter with what AWS says of it; never its value."""
    parameters = [parameter for parameter in pipeline.all(Parameter) if parameter.secure]
    described = _described(ssm, [parameter.name for parameter in parameters])
    for parameter in parameters:
        about = described.get(parameter.name)
        yield Secret(
            parameter.key,
            parameter.name,
            document.where(parameter.path),
            readers(pipeline, parameter),
            _stored(ssm, about) if about else None,
        )


def readers(pipeline: Pipeline, secret: Resource) -> tuple[str, ...]:
    """The keys of the functions with access to a parameter or a secret."""
    section, key = secret.path
    return tuple(
        function.key
        for function in pipeline.all(Function)
        if any((grant.section, grant.key) == (section, key) for grant in function.grants)
    )


@dataclass(frozen=True)
class Writing:
    """A parameter that is on AWS and takes a new value, keeping all else that it has."""

    parameter: Parameter
    about: Mapping[str, Any]

    @property
    def most_bytes(self) -> int:
        """How many bytes a value may have."""
        return MOST_BYTES.get(str(self.about.get("Tier", "Standard")), MOST_BYTES["Standard"])


def writing(ssm: Any, parameter: Parameter, apply: str) -> Writing:
    """Look a parameter up, to write it; IotgenError where it isn't there, and `apply` is what makes it."""
    about = _described(ssm, [parameter.name]).get(parameter.name)
    if about is None:
        message = f"the parameter `{parameter.key}` is not deployed: AWS has no `{parameter.name}`"
        raise IotgenError(message, f"Run `{apply}` first.")
    if about["Type"] != "SecureString":
        raise IotgenError(
            f"`{parameter.name}` is a {about['Type']} on AWS, which would keep a secret in plain text",
            "Run `iotgen plan` to see how to replace it.",
        )
    return Writing(parameter, about)


def refuse_unfit(to: Writing, value: str, schema: str | None) -> None:
    """IotgenError where a value cannot be stored, or breaks its schema; the value is in no message."""
    key = to.parameter.key
    if not value:
        raise IotgenError(f"the value for `{key}` is empty, which Parameter Store refuses", "Enter a value.")
    if len(value.encode()) > to.most_bytes:
        message = f"the value for `{key}` has more than the {to.most_bytes} bytes that Parameter Store takes"
        raise IotgenError(message, "Enter a shorter one.")
    if "{{" in value and "}}" in value.partition("{{")[2]:
        message = (
            f"the value for `{key}` has `{{{{...}}}}` in it, which Parameter Store takes for a reference"
        )
        raise IotgenError(message, "Enter a value without double braces.")
    if schema and (broken := broken_rule(value, schema)):
        message = f"the value for `{key}` breaks `{broken}` of {to.parameter.schema}"
        raise IotgenError(message, "Enter a value that the schema allows.")


def write(ssm: Any, to: Writing, value: str) -> int:
    """Store a value, and give its version."""
    # What is left out may go back to a default: the key to AWS's own, the tier to that of the account.
    # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
    kept = ("Description", "KeyId", "Tier", "AllowedPattern")
    settings = {name: to.about[name] for name in kept if to.about.get(name)}
    permission = f"ssm:PutParameter on `{to.parameter.name}`, and kms:Encrypt on its key"
    with explaining(f"set `{to.parameter.key}`", permission, private=True):
        answer = ssm.put_parameter(
            Name=to.parameter.name, Type="SecureString", Overwrite=True, Value=value, **settings
        )
    return int(answer["Version"])


def _described(ssm: Any, names: list[str]) -> dict[str, Mapping[str, Any]]:
    """What AWS says of parameters, by name; those that it has."""
    found: dict[str, Mapping[str, Any]] = {}
    with explaining("look parameters up", "ssm:DescribeParameters"):
        pages: Callable[..., Iterable[Any]] = ssm.get_paginator("describe_parameters").paginate
        for start in range(0, len(names), _NAMES_IN_A_CALL):
            values = names[start : start + _NAMES_IN_A_CALL]
            for page in pages(ParameterFilters=[{"Key": "Name", "Option": "Equals", "Values": values}]):
                found |= {about["Name"]: about for about in page["Parameters"]}
    return found


def _stored(ssm: Any, about: Mapping[str, Any]) -> Stored:
    return Stored(
        int(about["Version"]),
        about["LastModifiedDate"],
        _who(str(about.get("LastModifiedUser", ""))),
        _is_set(ssm, str(about["Name"])),
    )


def _who(arn: str) -> str:
    """`user/jo` or `assumed-role/ops/jo`: what an ARN ends with."""
    return arn.split(":", 5)[-1] if arn.startswith("arn:") else arn


def _is_set(ssm: Any, name: str) -> bool | None:
    """Whether the value is another than the one that an apply without one writes.

    No version tells: the first apply may take a value, and a new description is a new version.
    """
    from botocore.exceptions import ClientError

    with explaining(f"look into `{name}`", "ssm:GetParameter", private=True):
        try:
            return bool(ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"] != UNSET)
        except ClientError as error:
            if "denied" in error_code(error).lower():
                return None
            raise
