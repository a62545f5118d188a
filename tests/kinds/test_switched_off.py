"""Triggers that are switched off: they are there, and nothing comes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iotgen.kinds.functions import Function

if TYPE_CHECKING:
    from tests.conftest import Compile

SPEC = """\
version: 1
pipeline: p
functions:
  f: {{source: f, triggers: [{{schedule: rate(1 hour), enabled: {}}}]}}
"""


@pytest.mark.parametrize(("enabled", "per_second"), [("true", 1 / 3600), ("false", 0)])
def test_a_schedule_that_is_switched_off_never_comes(
    enabled: str, per_second: float, compile_spec: Compile
) -> None:
    (trigger,) = compile_spec(SPEC.format(enabled)).model.get(Function, "f").triggers

    assert trigger.per_second == per_second
