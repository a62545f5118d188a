"""What a reference spec lets a function do with tables and parameters is what its code does, both ways."""

import ast
from pathlib import Path
from typing import Any

import pytest
import yaml

REPO = Path(__file__).parent.parent.parent
# The verb of the spec that each method of `readings.table` and of Systems Manager's client needs.
VERBS = {
    "put_all": "batch_write",
    "put_if": "put",
    "newest": "query",
    "get_parameter": "get",
    "get_parameters": "read",
}


def functions() -> list[Any]:
    found = []
    for spec in ("pipeline", "s3-events", "mqtt"):
        data = yaml.safe_load((REPO / f"specs/{spec}.yaml").read_text(encoding="utf-8"))
        found += [pytest.param(function, id=key) for key, function in data["functions"].items()]
    return found


def used(handler: Path) -> set[str]:
    """The verbs that the code needs which the handler's own can lead to, going by names."""
    bodies = defined([handler, *sorted((REPO / "handlers" / "readings").glob("*.py"))])
    left = mentioned(ast.parse(handler.read_text(encoding="utf-8")))
    seen: set[str] = set()
    while left:
        name = left.pop()
        if name not in seen:
            seen.add(name)
            left |= {found for body in bodies.get(name.lstrip("."), ()) for found in mentioned(body)}
    return {verb for method, verb in VERBS.items() if f".{method}" in seen}


def defined(modules: list[Path]) -> dict[str, list[ast.AST]]:
    """What each name can stand for: functions and methods; of a class what making an object runs."""
    bodies: dict[str, list[ast.AST]] = {}
    for path in modules:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                bodies.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.ClassDef):
                made = [one for one in node.body if getattr(one, "name", "__").startswith("__")]
                bodies.setdefault(node.name, []).extend(made)
    return bodies


def mentioned(node: ast.AST) -> set[str]:
    """Names, and attributes with a dot before them."""
    found = {f".{one.attr}" for one in ast.walk(node) if isinstance(one, ast.Attribute)}
    return found | {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


@pytest.mark.parametrize("function", functions())
def test_granted_is_used_and_used_is_granted(function: dict[str, Any]) -> None:
    access = function["access"]
    granted = set(access["parameters"].values())
    for verbs in access["tables"].values():
        granted |= set(verbs) if isinstance(verbs, list) else {verbs}
    assert granted == used(REPO / function["source"] / "handler.py")
