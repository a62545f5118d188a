"""Each rule on specs that keep to it and on specs that don't; and that every rule is known and has a test."""

from __future__ import annotations

import importlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iotgen import checks, formats
from iotgen.checks import RULES, Rule
from iotgen.problem import Severity
from tests.voice import is_hint, is_message

if TYPE_CHECKING:
    from tests.conftest import Compile, Compiled

MODULES = sorted(
    path.stem for path in Path(checks.__path__[0]).glob("*.py") if path.stem not in ("__init__", "rule")
)


def _rule(spec: Path) -> Rule:
    rule: Rule = importlib.import_module(f"iotgen.checks.{spec.parent.name}").RULE
    return rule


@cache
def _compiled(spec: Path, compile_spec: Compile) -> Compiled:
    """A case, held to its own rule and to those of errors: other advice is not its subject.

    Two tests look at each, and none changes it.
    """
    must = [rule for rule in RULES if rule.severity is Severity.ERROR]
    rules = dict.fromkeys((*must, _rule(spec)))
    return compile_spec(spec.read_text(encoding="utf-8"), rules=rules, files=spec.parent)


def test_what_keeps_to_a_rule(good: Path, compile_spec: Compile) -> None:
    assert _compiled(good, compile_spec).said == ""


def _printed(bad: Path, compiled: Compiled) -> str:
    """The problems as `iotgen check` prints them, with the lines that they are in."""
    files = [path for path in sorted(bad.parent.rglob("*")) if path.suffix in (".json", ".py", ".txt")]
    texts = {path.relative_to(bad.parent).as_posix(): path.read_text(encoding="utf-8") for path in files}
    return formats.text(compiled.problems, {"spec.yaml": bad.read_text(encoding="utf-8"), **texts})


def test_what_breaks_a_rule(bad: Path, compile_spec: Compile, request: pytest.FixtureRequest) -> None:
    compiled = _compiled(bad, compile_spec)
    printed = _printed(bad, compiled)
    expected = bad.with_suffix(".txt")
    if request.config.getoption("--update-golden"):
        expected.write_text(printed, encoding="utf-8")
    assert printed == expected.read_text(encoding="utf-8")
    rule = _rule(bad)
    assert {(one.code, one.severity) for one in compiled.problems} == {(rule.code, rule.severity)}


@pytest.mark.parametrize("module", MODULES)
def test_each_rule_is_listed_documented_and_has_a_good_and_a_bad_case(module: str, cases: Path) -> None:
    one = importlib.import_module(f"iotgen.checks.{module}")
    assert one.RULE in RULES
    assert one.__doc__
    assert re.fullmatch(r"IOT[34]\d\d", one.RULE.code)
    assert re.fullmatch(r"[A-Z].{9,99}\.", one.RULE.summary)
    assert re.fullmatch(r"([A-Z`]|iotgen ).{90,}\.", one.RULE.why)
    assert re.fullmatch(r"[A-Z].{9,}\.", one.RULE.fix)
    assert re.fullmatch(r"[A-Z].{9,}\.", one.RULE.ignore or "An error has no excuse.")
    assert bool(one.RULE.ignore) is (one.RULE.severity is not Severity.ERROR)
    assert re.fullmatch(r"https://\S+", one.RULE.source)
    assert one.RULE.check is one.check
    stems = {path.stem for path in (cases / module).glob("*.yaml")}
    assert "good" in stems
    assert len(stems) > 1


def test_no_code_stands_for_two_rules() -> None:
    codes = [rule.code for rule in RULES]
    assert sorted(codes) == sorted(set(codes))
    assert len(RULES) == len(MODULES)


def test_every_finding_is_one_sentence_and_says_what_to_do(bad: Path, compile_spec: Compile) -> None:
    for one in _compiled(bad, compile_spec).problems:
        assert is_message(one.message), one.message
        assert is_hint(one.hint), one.hint
