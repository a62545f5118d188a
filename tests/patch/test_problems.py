"""Each problem of the overrides in a spec: a case is a spec, and beside it what is told of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iotgen.codes import STAGES
from iotgen.patch.own import OwnFiles
from iotgen.spec.ignores import apply_ignores, find_ignores
from tests.conftest import as_text

if TYPE_CHECKING:
    from tests.conftest import Compile

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
OWN = OwnFiles({"mine.tf": 'resource "aws_kms_key" "mine" {}\n'})


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_what_is_told(case: Path, compile_spec: Compile, request: pytest.FixtureRequest) -> None:
    text = case.read_text(encoding="utf-8")
    compiled = compile_spec(text, own=OWN)
    ignores, misused = find_ignores(text, "spec.yaml")
    said = as_text(sorted((*apply_ignores(compiled.problems, ignores, "spec.yaml"), *misused)))
    expected = case.with_suffix(".txt")
    if request.config.getoption("--update-golden"):
        expected.write_text(said, encoding="utf-8")
    assert said == expected.read_text(encoding="utf-8")


def test_every_code_of_overrides_has_a_case() -> None:
    told = "".join(case.with_suffix(".txt").read_text(encoding="utf-8") for case in CASES)
    assert {code for code in STAGES if "IOT501" <= code <= "IOT509"} <= {*re.findall(r"IOT\d{3}", told)}
