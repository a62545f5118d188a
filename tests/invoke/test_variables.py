"""The values that `iotgen invoke` gives the variables of a function."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from iotgen.invoke.variables import variables
from iotgen.kinds.functions import Function
from iotgen.model.live import Live

if TYPE_CHECKING:
    from tests.conftest import Compile

SPEC = """\
version: 1
pipeline: p
functions:
  f: {source: f, environment: {STAGE: {value: "{suffix}"}, LAKE: {value: "lake-{account}"}, RAW: "{suffix}"}}
"""


def _client(_service: str) -> Any:
    arn = "arn:aws:iam::123456789012:user/someone"
    return SimpleNamespace(get_caller_identity=lambda: {"Arn": arn})


def test_suffix_and_account_are_filled_in_where_a_value_is_composed(compile_spec: Compile) -> None:
    pipeline = compile_spec(SPEC).model

    values = variables(pipeline.get(Function, "f"), pipeline, Live("us-east-1", _client))

    assert {name: values[name] for name in ("STAGE", "LAKE", "RAW")} == {
        "STAGE": "dev",
        "LAKE": "lake-123456789012",
        "RAW": "{suffix}",
    }
