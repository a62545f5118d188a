"""Whatever a valid spec says reaches Terraform, word for word and in its place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from iotgen.problem import Severity
from tests.conftest import as_terraform_reads

pytestmark = pytest.mark.system

if TYPE_CHECKING:
    from tests.conftest import Compiled

    CompileValid = Callable[[Any], Compiled]

Path = tuple[str | int, ...]

# `--hypothesis-profile long` makes many of them, and looks for the shortest that fails, which takes minutes.
SHORT = settings().max_examples <= 100
PHASES = [phase for phase in Phase if not (SHORT and phase in (Phase.shrink, Phase.explain))]
SOME = settings(max_examples=settings().max_examples // 4, deadline=None, phases=PHASES)
FEW = settings(SOME, max_examples=settings().max_examples // 10)
MARK = re.compile(r"mark\d+x")


def _strings(node: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text of a JSON document by its place; a mapping's key is at the place of its value."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield (*path, key, "(key)"), key
            yield from _strings(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _strings(value, (*path, index))
    elif isinstance(node, str):
        yield path, node


@SOME
@given(data=st.data())
def test_each_text_is_in_its_place_and_nowhere_else(
    data: st.DataObject, valid_specs: st.SearchStrategy[Any], compile_valid: CompileValid
) -> None:
    valid = data.draw(valid_specs)
    compiled = compile_valid(valid)
    errors = [problem for problem in compiled.problems if problem.severity is Severity.ERROR]
    assert errors == []
    found = {
        place: text
        for file in compiled.files.values()
        for place, text in _strings(json.loads(file))
        if MARK.search(text)
    }
    # Terraform reads the settings of a backend as they stand.
    read = {
        place: text if place[0] == "terraform" else as_terraform_reads(text) for place, text in found.items()
    }
    assert read == valid.texts


@FEW
@given(data=st.data())
def test_what_is_rendered_twice_is_the_same(
    data: st.DataObject, valid_specs: st.SearchStrategy[Any], compile_valid: CompileValid
) -> None:
    valid = data.draw(valid_specs)
    assert compile_valid(valid).files == compile_valid(valid).files
