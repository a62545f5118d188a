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


def _as_terraform_reads(text: str) -> str:
    """A string of Terraform JSON without its escapes; it must hold no expression.

    https://developer.hashicorp.com/terraform/language/syntax/json#string-value-expression-parsing
    """
    read, rest = "", text
    while rest:
        escaped = rest.startswith(("$${", "%%{"))
        assert escaped or not rest.startswith(("${", "%{")), text
        read += rest[1:3] if escaped else rest[0]
        rest = rest[3:] if escaped else rest[1:]
    return read


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
    assert {place: _as_terraform_reads(text) for place, text in found.items()} == valid.texts


@FEW
@given(data=st.data())
def test_what_is_rendered_twice_is_the_same(
    data: st.DataObject, valid_specs: st.SearchStrategy[Any], compile_valid: CompileValid
) -> None:
    valid = data.draw(valid_specs)
    assert compile_valid(valid).files == compile_valid(valid).files
