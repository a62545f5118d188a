"""A fake Terraform that does as it is told."""

import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from iotgen.terraform.find import Executable


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], Executable]:
    """Make an executable out of Python source."""

    def make(source: str) -> Executable:
        path = tmp_path / "fake" / "program.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(dedent(source), encoding="utf-8")
        return Executable((sys.executable, "-u", str(path)), "a test")

    return make
