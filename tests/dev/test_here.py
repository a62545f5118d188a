"""Handlers that the Python of this machine cannot load."""

import sys
from collections.abc import Callable
from pathlib import Path

from iotgen.build import Checked
from iotgen.dev.here import unloadable


def test_a_handler_for_a_newer_python_has_to_load_here(root: Path, checked: Callable[[], Checked]) -> None:
    text = (root / "spec.yaml").read_text()
    (root / "spec.yaml").write_text(
        text.replace("reader, runtime: python3.11", "reader, runtime: python3.13")
    )
    (root / "handlers/reader/handler.py").write_text("def handler(:\n")
    found = checked()
    assert found.sound is (sys.version_info < (3, 13))
    assert found.pipeline
    (finding,) = unloadable(found.pipeline, found.sources, (3, 11))
    assert finding.message == "handlers/reader/handler.py:1: not valid Python: invalid syntax"
