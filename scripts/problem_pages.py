"""The page of each code in docs/problems: from its rule, or from iotgen/codes.py, and from its cases.

A part of scripts/spec-reference.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from iotgen.checks import RULES
from iotgen.checks.rule import Rule
from iotgen.codes import CODES, Code
from iotgen.problem import Severity

REPO = Path(__file__).resolve().parent.parent
# In what language a file is shown, by how its name ends.
LANGUAGES = {".py": "python", ".json": "json", ".txt": "text"}
# A case that makes something large, or an excerpt of it, is cut to this.
MOST_LINES, MOST_CHARACTERS = 24, 400

SEVERITIES = {
    Severity.ERROR: "An error: `iotgen render` and `iotgen apply` do nothing until it is corrected.",
    Severity.WARNING: "A warning: it is printed and stops nothing, except `iotgen check --strict`.",
    Severity.INFO: "A note: `iotgen check` prints it, and it stops nothing.",
}


def problem_pages(note: str) -> dict[str, str]:
    """Each page by its name; `note` says where it comes from."""
    rules = {rule.code: rule for rule in RULES}
    return {f"{code}.md": _page(code, about, rules.get(code), note) for code, about in CODES.items()}


def _page(code: str, about: Code, rule: Rule | None, note: str) -> str:
    folder = _cases(code, rule)
    bad = _bad(folder)
    parts = [f"# {code}: {about.summary.removesuffix('.')}", note, SEVERITIES[about.severity]]
    if rule:
        parts += ["## What happens", f"{rule.why} ([source]({rule.source}))"]
    if bad:
        parts += ["## Example", *_example(bad, "yaml" if code != "IOT002" else "text")]
    parts += ["## What to do", about.fix]
    if bad:
        parts += _files(folder, folder / "good.yaml", bad.with_suffix(".txt").read_text("utf-8"))
    if rule and rule.ignore:
        parts += ["## When to ignore it", *_ignore(rule)]
    return "\n\n".join(parts) + "\n"


def _cases(code: str, rule: Rule | None) -> Path:
    if rule:
        return REPO / "tests/checks/cases" / rule.check.__module__.rpartition(".")[2]
    return REPO / "tests/spec/cases" / code


def _bad(folder: Path) -> Path | None:
    """The shortest of the specs that have the problem."""
    specs = [path for path in sorted(folder.glob("*.yaml")) if path.stem != "good"]
    return min(specs, key=_length, default=None)


def _length(path: Path) -> tuple[int, int]:
    text = path.read_text(encoding="utf-8")
    return text.count("\n"), len(text)


def _example(bad: Path, language: str) -> Iterator[str]:
    printed = bad.with_suffix(".txt").read_text(encoding="utf-8")
    yield _block(bad.read_text(encoding="utf-8"), language)
    for path in _sources(bad.parent):
        name = path.relative_to(bad.parent).as_posix()
        if name in printed:
            yield f"`{name}`:"
            yield _block(path.read_text(encoding="utf-8"), LANGUAGES[path.suffix])
    yield "`iotgen check` prints:"
    yield _block(printed, "text")


def _files(folder: Path, spec: Path, shown: str) -> Iterator[str]:
    """A spec and the small files that it names, but for those that were shown."""
    text = spec.read_text(encoding="utf-8")
    yield _block(text, "yaml")
    named = set(re.findall(r"[\w./-]+", text))
    for path in _sources(folder):
        name = path.relative_to(folder)
        is_named = name.as_posix() in named or (path.suffix == ".py" and name.parent.as_posix() in named)
        if is_named and name.as_posix() not in shown and _length(path)[0] <= MOST_LINES:
            yield f"`{name.as_posix()}`:"
            yield _block(path.read_text(encoding="utf-8"), LANGUAGES[path.suffix])


def _sources(folder: Path) -> list[Path]:
    """What lies beside the specs of a case; a text beside a spec of its name is what iotgen prints."""
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in LANGUAGES]
    return [path for path in paths if not path.with_suffix(".yaml").exists()]


def _ignore(rule: Rule) -> Iterator[str]:
    yield f"{rule.ignore} Then say so behind the line, or above it:"
    yield _block(f"# iotgen: ignore {rule.code} because ...\n", "yaml")


def _block(text: str, language: str) -> str:
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], "..."]
    cut = [line if len(line) <= MOST_CHARACTERS else f"{line[:MOST_CHARACTERS]}..." for line in lines]
    return "\n".join([f"```{language}", *cut, "```"])
