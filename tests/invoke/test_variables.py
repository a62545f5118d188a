"""The values of variables that the spec fills from secrets, on a target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from iotgen.errors import RemoteError
from iotgen.invoke.variables import variables
from iotgen.kinds.functions import Function
from iotgen.model.live import Live

if TYPE_CHECKING:
    from tests.conftest import Compile

SPEC = """\
version: 1
pipeline: p
secrets: {tracing: {existing: acme/tracing}}
functions: {work: {source: work, environment: {TOKEN: {secret: tracing%s}}}}
"""


class Secrets:
    """What Secrets Manager says of a secret."""

    def get_secret_value(self, SecretId: str) -> dict[str, Any]:  # noqa: N803
        return {"SecretString": '{"token": 7}'} if SecretId == "acme/tracing" else {}


def _value(compile_spec: Compile, field: str) -> str:
    pipeline = compile_spec(SPEC % field).pipeline
    assert pipeline
    (function,) = pipeline.all(Function)
    clients: Any = {"secretsmanager": Secrets()}.__getitem__
    return variables(function, pipeline, Live("us-east-1", clients))["TOKEN"]


def test_a_variable_has_the_field_of_a_secret(compile_spec: Compile) -> None:
    assert _value(compile_spec, ", field: token") == "7"


def test_a_variable_has_the_whole_secret(compile_spec: Compile) -> None:
    assert _value(compile_spec, "") == '{"token": 7}'


def test_a_field_that_is_not_there(compile_spec: Compile) -> None:
    with pytest.raises(RemoteError, match="the secret `tracing` has no field `key`"):
        _value(compile_spec, ", field: key")
