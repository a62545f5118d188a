"""A project with one function, and what runs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

from iotgen.credentials import Credentials
from iotgen.invoke import Invocation, Place, run
from iotgen.kinds.functions import Function

if TYPE_CHECKING:
    from tests.conftest import Compile

# Nothing listens there.
NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Project:
    """A project whose function `f` has the code of `write`."""

    root: Path
    function: Function
    place: Place

    def write(self, code: str, path: str = "f/handler.py") -> None:
        """Write a file of the function's folder, or of another one."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(code), encoding="utf-8")

    def run(self, code: str, event: Any = None, **options: Any) -> Invocation:
        """Run a handler with this code."""
        self.write(code)
        return run(self.function, event, self.place, **options)


MakeProject = Callable[..., Project]


@pytest.fixture
def make(tmp_path: Path, compile_spec: Compile) -> MakeProject:
    """Make a project; arguments are settings of its function."""

    def made(settings: str = "", **place: Any) -> Project:
        spec = f"version: 1\npipeline: p\nfunctions:\n  f: {{source: f, {settings}}}\n"
        function = compile_spec(spec).model.get(Function, "f")
        here = Place(
            root=tmp_path,
            cache=tmp_path / "cache",
            region="us-east-1",
            account="123456789012",
            credentials=Credentials("key", "secret-value"),
            endpoint=NOWHERE,
        )
        return Project(tmp_path, function, replace(here, **place))

    return made
