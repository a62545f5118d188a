"""What GitHub reads: workflows, forms and the notes of a release; and the hooks of pre-commit."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml

REPO = Path(__file__).resolve().parent.parent
WORKFLOWS = sorted((REPO / ".github/workflows").glob("*.yml"))
FORMS = [
    path for path in sorted((REPO / ".github/ISSUE_TEMPLATE").glob("*.yml")) if path.name != "config.yml"
]
HOOKS = REPO / ".pre-commit-config.yaml"

notes = runpy.run_path(str(REPO / "scripts/release-notes"))["notes"]

CODE = '"""A module."""\n\n__version__ = "1.2.0"\n'
CHANGELOG = """\
# Changelog

## [Unreleased]

- Later.

## [1.2.0] - 2026-01-31

### Added

- This one, with `## [1.1.0]` in it.

## [1.1.0] - 2025-12-01

- Before.

[1.2.0]: https://iotgen.example/
"""


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in _read(path)["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_calls_scripts_that_there_are(path: Path) -> None:
    commands = [step["run"] for step in _steps(path) if "run" in step]
    called = re.findall(r"(?:^|\s)(scripts/[\w-]+)", "\n".join(commands))
    assert called
    assert [script for script in called if not (REPO / script).is_file()] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_pins_what_it_uses_and_may_only_read(path: Path) -> None:
    assert _read(path)["permissions"] == {"contents": "read"}
    used = re.findall(r"uses: (.+)", path.read_text(encoding="utf-8"))
    assert used
    assert [one for one in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v[\d.]+", one)] == []


def test_workflows_pin_one_commit_of_each_action() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)
    pins = set(re.findall(r"uses: (.+)", text))
    assert len(pins) == len({pin.partition("@")[0] for pin in pins})


def test_the_unit_tests_run_on_every_python_that_is_promised() -> None:
    setup = (REPO / "setup.cfg").read_text(encoding="utf-8")
    promised = set(re.findall(r"Python :: (3\.\d+)", setup))
    matrix = _read(REPO / ".github/workflows/ci.yml")["jobs"]["unit"]["strategy"]["matrix"]["python"]
    assert promised <= set(matrix)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_a_form_asks(path: Path) -> None:
    form = _read(path)
    assert form["name"]
    assert form["description"]
    questions = [part for part in form["body"] if part["type"] != "markdown"]
    assert len({question["id"] for question in questions}) == len(questions)
    assert all(question["attributes"]["label"] for question in questions)
    assert any(question.get("validations", {}).get("required") for question in questions)


def test_the_hooks_are_the_tools_of_the_lock() -> None:
    hooks = [hook for repo in _read(HOOKS)["repos"] for hook in repo["hooks"]]
    commands = {hook["entry"].split()[0] for hook in hooks}
    assert {repo["repo"] for repo in _read(HOOKS)["repos"]} == {"local"}
    assert commands == {".venv/bin/ruff", ".venv/bin/mypy", ".venv/bin/python"}


def test_the_notes_of_a_release_are_its_section() -> None:
    assert notes("v1.2.0", CODE, CHANGELOG) == "### Added\n\n- This one, with `## [1.1.0]` in it."


def test_the_last_section_ends_before_the_links() -> None:
    assert notes("v1.1.0", CODE.replace("1.2.0", "1.1.0"), CHANGELOG) == "- Before."


@pytest.mark.parametrize(
    ("tag", "changelog", "message"),
    [
        ("v1.3.0", CHANGELOG, "the tag is v1.3.0, but the code's version is 1.2.0"),
        ("1.2.0", CHANGELOG, "the tag is 1.2.0, but the code's version is 1.2.0"),
        (
            "v1.2.0",
            "## [Unreleased]\n\n- Text.\n",
            "CHANGELOG.md has no section `## [1.2.0] - YYYY-MM-DD` with text",
        ),
        (
            "v1.2.0",
            "## [1.2.0] - 2026-01-31\n\n## [1.1.0] - 2025-12-01\n\n- Text.\n",
            "CHANGELOG.md has no section `## [1.2.0] - YYYY-MM-DD` with text",
        ),
    ],
)
def test_no_notes_without_a_section_of_that_version(tag: str, changelog: str, message: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(message)}$"):
        notes(tag, CODE, changelog)
