"""Any valid spec can be drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graph.held import held

if TYPE_CHECKING:
    from tests.conftest import Compiled


pytestmark = pytest.mark.system
SOME = settings(max_examples=settings().max_examples // 2)


@SOME
@given(data=st.data())
def test_any_valid_pipeline_is_drawn_without_overlaps(
    data: st.DataObject, valid_specs: st.SearchStrategy[Any], compile_valid: Callable[[Any], Compiled]
) -> None:
    compiled = compile_valid(data.draw(valid_specs))
    assert compiled.pipeline
    held(compiled.pipeline)
