"""The codes, their pages and `iotgen explain`; and the specs in `spec/cases/CODE/`, as those of rules."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from iotgen import formats
from iotgen.build import Checked, check
from iotgen.checks import RULES, Rule
from iotgen.cli import cli
from iotgen.codes import CODES, STAGES, address, find_code, page
from iotgen.errors import UsageError

CASES = sorted(path for path in (Path(__file__).parent / "spec/cases").iterdir() if path.is_dir())


def _checked(spec: Path, project: Path) -> Checked:
    shutil.copytree(spec.parent, project, dirs_exist_ok=True)
    shutil.copy(spec, project / "spec.yaml")
    return check(Path("spec.yaml"), "dev")


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_code_of_a_spec(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(tmp_path)
    good = _checked(case / "good.yaml", tmp_path)
    assert [problem for problem in good.problems if problem.code in STAGES] == []
    bad = _checked(case / "bad.yaml", tmp_path)
    problems = [problem for problem in bad.problems if problem.code in STAGES]
    assert {(problem.code, problem.severity) for problem in problems} == {
        (case.name, CODES[case.name].severity)
    }
    expected = case / "bad.txt"
    printed = formats.text(problems, bad.texts)
    if request.config.getoption("--update-golden"):
        expected.write_text(printed, encoding="utf-8")
    assert printed == expected.read_text(encoding="utf-8")


def test_no_code_is_a_rules_and_a_stages() -> None:
    assert not STAGES.keys() & {rule.code for rule in RULES}
    assert list(CODES) == sorted(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_code_has_a_page(code: str) -> None:
    about = CODES[code]
    text = page(code)
    assert text.startswith(f"# {code}: {about.summary.removesuffix('.')}\n\n")
    assert "<!--" not in text
    assert f"\n## What to do\n\n{about.fix}\n" in text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_page_of_a_rule_says_why_and_shows_how(rule: Rule) -> None:
    text = page(rule.code)
    assert f"\n## What happens\n\n{rule.why} ([source]({rule.source}))\n" in text
    assert "\n`iotgen check` prints:\n\n```text\n" in text
    headings = re.findall(r"^## (.*)", text, re.MULTILINE)
    expected = ["What happens", "Example", "What to do", "When to ignore it"]
    assert headings == expected[: 4 if rule.ignore else 3]
    assert rule.ignore in text


def test_the_address_of_a_page() -> None:
    assert re.fullmatch(r"https://\S+/docs/problems/IOT330\.html", address("IOT330"))


@pytest.mark.parametrize("written", ["IOT330", "iot330", "330", " IOT330 "])
def test_a_code_is_found_as_people_write_it(written: str) -> None:
    assert find_code(written) == "IOT330"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("IOT33O", "there is no code `IOT33O`; did you mean `IOT330`?"),
        ("IOT-330", "there is no code `IOT-330`; did you mean `IOT330`?"),
        ("E501", "there is no code `E501`"),
        ("../api", "there is no code `../api`"),
    ],
)
def test_a_code_that_there_is_not(written: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        find_code(written)
    assert (str(refused.value), refused.value.hint) == (message, "Run `iotgen explain` to list all codes.")


def test_explain_prints_the_page() -> None:
    assert CliRunner().invoke(cli, ["explain", "iot330"]).output == page("IOT330")


def test_explain_lists_all_codes() -> None:
    lines = CliRunner().invoke(cli, ["explain"]).output.splitlines()
    assert [line.split()[0] for line in lines] == list(CODES)
    assert "IOT330  error    The visibility timeout of a queue is too short for its consumer." in lines
