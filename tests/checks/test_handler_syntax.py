"""What a Python cannot tell of handlers for a newer one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iotgen.checks import RULES

if TYPE_CHECKING:
    from tests.conftest import Compile


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="no runtime is newer than this Python")
def test_what_is_newer_than_this_python_may_be_sound(cases: Path, compile_spec: Compile) -> None:
    spec = "version: 1\npipeline: p\nfunctions: {f: {source: handlers/broken, runtime: python3.13}}\n"
    rules = [rule for rule in RULES if rule.code == "IOT304"]
    assert compile_spec(spec, rules=rules, files=cases / "handler_syntax").said == ""
