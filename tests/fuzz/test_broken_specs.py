"""Whatever is in a spec, a user gets problems and never a traceback."""

from __future__ import annotations

import json

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from iotgen import formats
from iotgen.build import check
from iotgen.sarif import sarif

pytestmark = pytest.mark.system

# `--hypothesis-profile long` makes many of them, and looks for the shortest that fails, which takes minutes.
SHORT = settings().max_examples <= 100
PHASES = [phase for phase in Phase if not (SHORT and phase in (Phase.shrink, Phase.explain))]
SOME = settings(max_examples=settings().max_examples // 3, deadline=None, phases=PHASES)


@SOME
@given(data=st.data())
def test_no_spec_makes_a_traceback(
    data: st.DataObject, any_bytes: st.SearchStrategy[bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    spec = tmp_path_factory.getbasetemp() / "spec.yaml"
    spec.write_bytes(data.draw(any_bytes))
    checked = check(spec, "dev")
    lines = len(spec.read_bytes().decode(errors="replace").splitlines()) or 1
    for problem in checked.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.line <= lines or problem.file != str(spec)
        assert problem.message
    formats.text(checked.problems, checked.texts).encode()
    json.loads(formats.as_json(checked.problems).encode())
    json.loads(sarif(checked.problems, "1.0").encode())
