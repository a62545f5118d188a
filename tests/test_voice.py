"""How iotgen speaks in what it raises: see `How iotgen speaks` in CONTRIBUTING."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from iotgen.cli import cli
from iotgen.simulate.options import Options
from tests.voice import is_hint, is_message

REPO = Path(__file__).parent.parent
ERRORS = {"IotgenError", "UsageError", "RemoteError", "MachineError"}
FILLED = "`x`"


def _texts(node: ast.expr) -> list[str]:
    """Every form of a text, with `x` for what is filled in; none for what is no text here."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            return ["".join(str(part.value) if isinstance(part, ast.Constant) else FILLED for part in parts)]
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            ends = _texts(right) or [FILLED]
            return [start + end for start in _texts(left) or [FILLED] for end in ends]
        case ast.IfExp(body=body, orelse=other):
            return [*_texts(body), *_texts(other)]
        case _:
            return []


@cache
def _errors() -> tuple[tuple[str, ast.Call], ...]:
    """Place and call of each error that is made in the code."""
    return tuple(
        (f"{path.relative_to(REPO)}:{node.lineno}", node)
        for path in sorted((REPO / "iotgen").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS
    )


def _raised(argument: int) -> Iterator[tuple[str, str]]:
    """Place and text of each message (0) or hint (1) that stands in the code where an error is made."""
    for place, call in _errors():
        for text in filter(None, _texts(call.args[argument]) if len(call.args) > argument else ()):
            yield place, text


def test_what_is_raised_is_a_message() -> None:
    messages = list(_raised(0))
    assert [place for place, text in messages if not is_message(text) or "can't" in text] == []
    assert len(messages) > 80


def test_what_is_raised_has_a_hint_that_is_a_sentence() -> None:
    hints = list(_raised(1))
    # A text that ends with what is filled in has its stop there.
    ended = [(place, text.removesuffix(FILLED) + "." * text.endswith(FILLED)) for place, text in hints]
    assert [place for place, text in ended if not is_hint(text)] == []
    assert len(hints) > 60


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
    if not option.is_flag and option.to_info_dict()["default"] not in (None, ()):
        assert option.show_default, command


@pytest.mark.parametrize("option", [option for name, option in _options(cli) if name == "simulate"], ids=str)
def test_a_default_of_the_fleet_is_shown_as_it_is(option: click.Option) -> None:
    default = getattr(Options, option.name or "", None)
    if default is not None and option.name != "repeated":
        assert option.show_default == f"{default:g}"
