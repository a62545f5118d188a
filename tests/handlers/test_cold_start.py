"""What a container pays before its first event."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.system

HANDLERS = Path(__file__).parent.parent.parent / "handlers"
UNUSED = ["aws_xray_sdk", "jsonschema", "pydantic", "requests", "moto", "iotgen"]
SCRIPT = """
import sys
import {name}.handler
print(*[module for module in {unused} if module in sys.modules])
"""


@pytest.mark.parametrize("name", ["data_ingestion", "data_processor", "data_query", "event_processor"])
def test_imports_nothing_that_it_does_without(name: str) -> None:
    """How long imports take is for `scripts/bench handlers` to measure."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(name=name, unused=UNUSED)],
        cwd=HANDLERS,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "\n"
