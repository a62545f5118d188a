"""How iotgen speaks in what it raises: see `How iotgen speaks` in CONTRIBUTING."""

import ast
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from iotgen.cli import cli
from tests.voice import is_hint, is_message

REPO = Path(__file__).parent.parent
ERRORS = {"IotgenError", "UsageError", "RemoteError", "MachineError"}


def _text(node: ast.expr) -> str | None:
    """What a text begins and ends with, with `x` for what is filled in; None for what is no text here."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(str(part.value) if isinstance(part, ast.Constant) else "`x`" for part in parts)
        case _:
            return None


def _raised() -> Iterator[tuple[str, str, str]]:
    """Place, message and hint of every error whose texts stand in the code."""
    for path in sorted((REPO / "iotgen").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
                texts = [_text(argument) for argument in node.args[:2]]
                place = f"{path.relative_to(REPO)}:{node.lineno}"
                yield place, texts[0] or "", (texts[1] or "") if len(texts) > 1 else ""


def test_what_is_raised_is_a_message_and_a_hint() -> None:
    raised = list(_raised())
    assert [place for place, message, _ in raised if message and not is_message(message)] == []
    # A text that ends with what is filled in has its stop there.
    assert [place for place, _, hint in raised if hint and not is_hint(f"{hint}.")] == []
    assert [place for place, _, hint in raised if hint and not hint.endswith(("`x`", ".", "?"))] == []
    assert len(raised) > 60


def _options(group: click.Group) -> Iterator[tuple[str, click.Option]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _options(command)
        for option in command.params:
            if isinstance(option, click.Option):
                yield name, option


@pytest.mark.parametrize(("command", "option"), [*_options(cli)], ids=str)
def test_help_is_a_sentence_and_a_default_is_shown_by_click(command: str, option: click.Option) -> None:
    text = option.help or ""
    assert text[:1].isupper(), command
    assert text.endswith("."), command
    assert " without." not in text, command
