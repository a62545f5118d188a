"""Which lines of a function's code ran: each statement notes itself, which costs less than tracing.

A note is an assignment to an element of a list, which Python does faster than any call.
"""

import ast
from collections.abc import Iterator

# A constant in whose place code that runs has the list in which it notes itself.
NOTE = "__iotgen_note__"

# A line: the path of its file in the project, and its number.
Line = tuple[str, int]


class Seen:
    """The lines of code that are there, and those that ran."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self.notes: list[bool] = []

    @property
    def lines(self) -> frozenset[Line]:
        """All lines with a statement within a function."""
        return frozenset(self._lines)

    @property
    def ran(self) -> frozenset[Line]:
        """Those that ran."""
        return frozenset(line for line, ran in zip(self._lines, self.notes, strict=True) if ran)

    def noting(self, name: str, text: str) -> ast.Module:
        """A module that notes which statements of its functions ran."""
        tree = ast.parse(text, name)
        for function in ast.walk(tree):
            if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                for block in _blocks(function):
                    self._note_all(name, block)
        return ast.fix_missing_locations(tree)

    def _note_all(self, name: str, block: list[ast.stmt]) -> None:
        noted: list[ast.stmt] = []
        for statement in block:
            if not _is_text(statement):
                noted.append(self._noted(name, statement))
            noted.append(statement)
        block[:] = noted

    def _noted(self, name: str, statement: ast.stmt) -> ast.stmt:
        self._lines.append((name, statement.lineno))
        self.notes.append(False)
        place = ast.Subscript(ast.Constant(NOTE), ast.Constant(len(self.notes) - 1), ast.Store())
        return ast.copy_location(ast.Assign([place], ast.Constant(value=True)), statement)


def _blocks(function: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The blocks of a function, without those of functions within it."""
    parts: list[ast.AST] = [function]
    while parts:
        part = parts.pop()
        for field in ("body", "orelse", "finalbody"):
            block = getattr(part, field, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                parts += [
                    one for one in block if not isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))
                ]
                yield block
        parts += [*getattr(part, "handlers", ()), *getattr(part, "cases", ())]


def _is_text(statement: ast.stmt) -> bool:
    """Whether a statement is a docstring, or tells the compiler alone."""
    if isinstance(statement, (ast.Global, ast.Nonlocal)):
        return True
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
