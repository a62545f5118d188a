"""References that lead nowhere: one problem for each name, and none that follow from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iotgen.checks import RULES

if TYPE_CHECKING:
    from tests.conftest import Compile

HEAD = "version: 1\npipeline: p\n"
TABLES = "tables: {readings: {partition_key: {id: string}}, notes: {partition_key: {id: string}}}\n"


def _function(key: str, *tables: str) -> str:
    return (
        f"  {key}: {{source: h, access: {{tables: {{{', '.join(f'{name}: read' for name in tables)}}}}}}}\n"
    )


def test_a_name_that_is_nowhere_is_reported_once_with_all_its_places(compile_spec: Compile) -> None:
    spec = f"{HEAD}{TABLES}functions:\n{''.join(_function(key, 'absent') for key in 'fgh')}"
    assert compile_spec(spec).said == (
        "spec.yaml:5:36: IOT201 there is no table `absent`\n"
        "    Use one of: notes, readings. One that exists already is declared by `existing`. "
        "It is also named on lines 6 and 7.\n"
    )


def test_where_places_agree_on_a_name_it_is_the_declared_one_that_is_misspelt(compile_spec: Compile) -> None:
    spec = f"{HEAD}{TABLES}functions:\n{_function('f', 'reading')}{_function('g', 'reading', 'notes')}"
    assert compile_spec(spec).said == (
        "spec.yaml:3:10: IOT201 nothing refers to the table `readings`, but 2 places refer to `reading`; "
        "did you mean `reading`?\n    `reading` is named on lines 5 and 6.\n"
    )


def test_a_declared_name_that_one_place_has_right_is_right(compile_spec: Compile) -> None:
    keys = "".join(
        _function(key, name) for key, name in (("f", "reading"), ("g", "reading"), ("h", "readings"))
    )
    assert compile_spec(f"{HEAD}{TABLES}functions:\n{keys}").said == (
        "spec.yaml:5:36: IOT201 there is no table `reading`; did you mean `readings`?\n"
        "    It is also named on line 6.\n"
    )


@pytest.mark.parametrize(
    ("broken", "code", "unsettled"),
    [
        ("access: {tables: {reading: read}}", "IOT201", "readings"),
        ("access: {tables: {absent: read}}", "IOT201", "readings notes"),
        ("access: {tables: {readings: reed}}", "IOT104", "readings"),
        ("access: {tables: [readings]}", "IOT102", "readings"),
        ("access: {tables: {readings: {read: notes}}}", "IOT101", "readings notes"),
    ],
)
def test_what_follows_from_another_problem_is_not_reported(
    compile_spec: Compile, broken: str, code: str, unsettled: str
) -> None:
    """Neither that nothing uses the table nor, of the function at fault, that nothing calls it."""
    compiled = compile_spec(f"{HEAD}{TABLES}functions: {{f: {{source: h, {broken}}}}}\n", rules=RULES)
    codes = [problem.code for problem in compiled.problems]
    unused = [problem.message for problem in compiled.problems if problem.code == "IOT385"]
    expected = [f"nothing uses the table `{key}`" for key in ("readings", "notes") if key not in unsettled]
    assert code in codes
    assert unused == expected
    assert "IOT326" not in codes


def test_a_sound_spec_is_all_settled(compile_spec: Compile) -> None:
    pipeline = compile_spec(f"{HEAD}{TABLES}functions:\n{_function('f', 'notes')}").model
    assert pipeline.referred == {("tables", "notes")}
    assert pipeline.unsettled == frozenset()
    assert pipeline.settled(("functions", "f", "timeout"))
