"""Every key and reference of both specs, misspelt one at a time: one problem, there, with what was meant.

A name that is the user's own to choose is found through what refers to it. What nothing in the spec refers
to, such as an endpoint's path, can be called anything: `_FREE` says what that is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iotgen import project
from iotgen.checks import RULES
from iotgen.kinds import KINDS
from iotgen.problem import Path as At
from iotgen.problem import Problem, Severity
from iotgen.spec.document import Document
from iotgen.spec.load import load

pytestmark = pytest.mark.system

if TYPE_CHECKING:
    from iotgen.model.sources import Sources
    from tests.conftest import Compile

REPO = Path(__file__).parent.parent.parent
# Rules, events and groups of devices work by themselves: nothing needs to refer to one.
REFERRED = {kind.section for kind in KINDS if kind.referred} - {"rules", "events", "devices"}
TODAY = date(2026, 11, 21)
SPECS = ("specs/pipeline.yaml", "specs/s3-events.yaml", "specs/mqtt.yaml")

# Keys by their place; `*` is any step, `**` is all that follow.
_FREE = (
    "tags *", "tables * partition_key *", "tables * sort_key *",
    "parameters * value thresholds *", "endpoints *",
    "endpoints * parameters *", "alarms metrics *", "environments *", "rules *", "devices *",
)  # fmt: skip
_REFERENCES = {
    "functions * triggers * queue": "queues",
    "functions * triggers * bucket": "buckets",
    "functions * layers *": "layers",
    "defaults function layers *": "layers",
    "endpoints * function": "functions",
    "alarms notify": "topics",
    "alarms metrics * function": "functions",
}
_FILES = (
    "functions * source", "functions * include *", "defaults function include *", "layers * requirements",
    "endpoints * body",
)  # fmt: skip
_WORDS = (
    "* * runtime",
    "functions * access * *",
    "endpoints * method",
    "alarms metrics * metric",
    "endpoints * parameters *",
    "tables * * *",
)


@dataclass(frozen=True)
class _Word:
    """A word of a spec, where it stands, and the section of what it refers to or declares, if it does."""

    spec: str
    path: At
    text: str
    line: int
    column: int
    section: str = ""
    declares: bool = False

    @property
    def misspelt(self) -> str:
        """With a letter too few, or twice, by turns; of a path, in its last part."""
        middle = (self.text.rfind("/") + 1 + len(self.text)) // 2
        middle -= self.text[middle] == "-"
        before, after = self.text[:middle], self.text[middle + 1 :]
        return (
            before + after if self.line % 2 and len(self.text) > 3 else before + 2 * self.text[middle] + after
        )


def _matches(path: At, patterns: tuple[str, ...]) -> str | None:
    """The pattern that `path` is of."""
    for pattern in patterns:
        steps = pattern.split()
        open_end = steps[-1] == "**"
        steps = steps[:-1] if open_end else steps
        fits = len(path) > len(steps) if open_end else len(path) == len(steps)
        if fits and all(wanted in ("*", step) for wanted, step in zip(steps, path, strict=False)):
            return pattern
    return None


@cache
def _spec(spec: str) -> tuple[str, Document]:
    text = (REPO / spec).read_text(encoding="utf-8")
    return text, load(text, spec)[0]


def _read(text: str) -> Sources:
    return replace(project.read_sources(REPO, load(text, "spec.yaml")[0].data), today=TODAY)


@cache
def _sources(spec: str) -> Sources:
    return _read(_spec(spec)[0])


def _keys(spec: str) -> Iterator[_Word]:
    for path, place in _spec(spec)[1].keys.items():
        section = ""
        if path[0] in REFERRED and len(path) == 2:
            section = str(path[0])
        elif len(path) == 5 and path[2] == "access":
            section = str(path[3])
        yield _Word(spec, path, str(path[-1]), place.line, place.column, section, len(path) == 2)


def _values(spec: str, patterns: tuple[str, ...]) -> Iterator[_Word]:
    _, document = _spec(spec)
    for path, place in document.values.items():
        if pattern := _matches(path, patterns):
            value = document.data
            for step in path:
                value = value[step]
            if isinstance(value, str):
                yield _Word(spec, path, value, place.line, place.column, _REFERENCES.get(pattern, ""))


def _cases(*words: _Word) -> list[object]:
    return [
        pytest.param(word, word.misspelt, id=f"{word.spec}:{word.line}:{word.column}-{word.misspelt}")
        for word in words
    ]


def _problems(word: _Word, wrong: str, compile_spec: Compile, *, read: bool = False) -> list[Problem]:
    """The problems of the spec with `wrong` for `word`; with `read`, its files are looked for again."""
    text, _ = _spec(word.spec)
    lines = text.splitlines(keepends=True)
    line, start = lines[word.line - 1], word.column - 1
    assert line[start:].startswith(word.text)
    lines[word.line - 1] = line[:start] + wrong + line[start + len(word.text) :]
    suffix = "prod" if word.path[0] == "environments" else "dev"
    changed = "".join(lines)
    compiled = compile_spec(changed, suffix, _read(changed) if read else _sources(word.spec), rules=RULES)
    return [problem for problem in compiled.problems if problem.severity is not Severity.INFO]


def _assert_one(problems: list[Problem], line: int, meant: str) -> None:
    assert len(problems) == 1, problems
    assert problems[0].line == line
    assert f"`{meant}`" in problems[0].message


KEYS = [word for spec in SPECS for word in _keys(spec)]
FREE = [word for word in KEYS if _matches(word.path, _FREE)]
DECLARED = [word for word in KEYS if word.declares and word.section]
SETTINGS = [word for word in KEYS if word not in FREE and word not in DECLARED]
REFERENCES = [word for spec in SPECS for word in _values(spec, tuple(_REFERENCES))]


@pytest.mark.parametrize("spec", SPECS)
def test_as_it_is_there_is_nothing_to_mend(spec: str, compile_spec: Compile) -> None:
    problems = compile_spec(_spec(spec)[0], "dev", _sources(spec), rules=RULES).problems
    assert {problem.severity for problem in problems} <= {Severity.INFO}


@pytest.mark.parametrize(("word", "wrong"), _cases(*SETTINGS, *REFERENCES))
def test_a_setting_or_a_reference(word: _Word, wrong: str, compile_spec: Compile) -> None:
    _assert_one(_problems(word, wrong, compile_spec), word.line, word.text)


@pytest.mark.parametrize(
    ("word", "wrong"), _cases(*(word for spec in SPECS for word in _values(spec, _WORDS)))
)
def test_a_word_of_a_few(word: _Word, wrong: str, compile_spec: Compile) -> None:
    _assert_one(_problems(word, wrong, compile_spec), word.line, word.text)


@pytest.mark.parametrize(
    ("word", "wrong"), _cases(*(word for spec in SPECS for word in _values(spec, _FILES)))
)
def test_a_file_or_a_folder(word: _Word, wrong: str, compile_spec: Compile) -> None:
    _assert_one(_problems(word, wrong, compile_spec, read=True), word.line, word.text)


@pytest.mark.parametrize(("word", "wrong"), _cases(*DECLARED))
def test_a_name_that_is_referred_to(word: _Word, wrong: str, compile_spec: Compile) -> None:
    """Where one place alone refers to it, either of the two may be wrong, and it is reported there."""
    referring = [
        other.line
        for other in (*SETTINGS, *REFERENCES)
        if (other.spec, other.section, other.text) == (word.spec, word.section, word.text)
    ]
    problems = _problems(word, wrong, compile_spec)
    if len(referring) == 1:
        _assert_one(problems, referring[0], wrong)
    else:
        _assert_one(problems, word.line, word.text)


@pytest.mark.parametrize("word", [word for word in DECLARED if "-" in word.text], ids=lambda word: word.text)
def test_a_name_that_cannot_be_one_is_told_where_it_is_declared(word: _Word, compile_spec: Compile) -> None:
    problems = _problems(word, word.text.replace("-", "_"), compile_spec)
    assert [(problem.code, problem.line) for problem in problems] == [("IOT105", word.line)]


@pytest.mark.parametrize(("word", "wrong"), _cases(*FREE))
def test_a_name_that_nothing_refers_to_can_be_anything(
    word: _Word, wrong: str, compile_spec: Compile
) -> None:
    assert _problems(word, wrong, compile_spec) == []
