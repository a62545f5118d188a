"""The page of each code in docs/problems: from its rule, or from iotgen/codes, and from its cases.

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
LANGUAGES = {".py": "python", ".tf": "hcl", ".json": "json", ".txt": "text"}
# A spec or a file that is made large on purpose is cut to this; a message is not.
MOST_LINES, MOST_CHARACTERS = 16, 120
LONGEST_MESSAGE = 400

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
    bad = _bad(_cases(code, rule))
    printed = bad.with_suffix(".txt").read_text(encoding="utf-8") if bad else ""
    shown: set[Path] = set()
    parts = [f"# {code}: {about.summary.removesuffix('.')}", note, SEVERITIES[about.severity]]
    if about.why:
        parts += ["## What happens", f"{about.why} ([source]({rule.source}))" if rule else about.why]
    if bad:
        parts += ["## Example", *_spec(bad, printed, shown)]
        parts += ["`iotgen check` prints:", _block(printed, "text", LONGEST_MESSAGE)]
    parts += ["## What to do", about.fix]
    if bad:
        parts += _spec(_good(bad), printed, shown)
    if rule and rule.ignore:
        parts += ["## When to ignore it", *_ignore(rule)]
    return "\n\n".join(parts) + "\n"


def _cases(code: str, rule: Rule | None) -> Path:
    if rule:
        return REPO / "tests/checks/cases" / rule.check.__module__.rpartition(".")[2]
    return REPO / "tests/spec/cases" / code


def _bad(folder: Path) -> Path | None:
    """The spec called `example`, or the shortest of those that have the problem."""
    specs = [
        path for path in sorted(folder.glob("*.yaml")) if path not in (folder / "good.yaml", _good(path))
    ]
    example = folder / "example.yaml"
    return example if example in specs else min(specs, key=_length, default=None)


def _good(bad: Path) -> Path:
    """The same spec without the problem where there is one, or else one that keeps to the rule."""
    fixed = bad.with_name("example.fixed.yaml")
    return fixed if fixed.exists() else bad.with_name("good.yaml")


def _length(path: Path) -> tuple[int, int]:
    text = path.read_text(encoding="utf-8")
    return text.count("\n"), len(text)


def _spec(spec: Path, printed: str, shown: set[Path]) -> Iterator[str]:
    """A spec, and the small files that it or a message names, but for those that are `shown` already."""
    text = spec.read_text(encoding="utf-8")
    yield _block(text, "yaml")
    named = set(re.findall(r"[\w./-]+", text))
    for path in _sources(spec.parent):
        name = path.relative_to(spec.parent).as_posix()
        in_folder = path.suffix == ".py" and path.parent.relative_to(spec.parent).as_posix() in named
        is_small = _length(path)[0] <= MOST_LINES
        if path not in shown and is_small and (name in named or in_folder or name in printed):
            shown.add(path)
            yield f"`{name}`:"
            yield _block(path.read_text(encoding="utf-8"), LANGUAGES[path.suffix])


def _sources(folder: Path) -> list[Path]:
    """What lies beside the specs of a case; a text beside a spec of its name is what iotgen prints."""
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in LANGUAGES]
    return [path for path in paths if not path.with_suffix(".yaml").exists()]


def _ignore(rule: Rule) -> Iterator[str]:
    yield f"{rule.ignore} Then say so behind the line, or above it:"
    yield _block(f"# iotgen: ignore {rule.code} because ...\n", "yaml")


def _block(text: str, language: str, most: int = MOST_CHARACTERS) -> str:
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], "..."]
    cut = [line if len(line) <= most else f"{line[:most]}..." for line in lines]
    return "\n".join([f"```{language}", *cut, "```"])
