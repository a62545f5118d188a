"""What a container pays before its first event."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.system

HANDLERS = Path(__file__).parent.parent.parent / "handlers"
UNUSED = ["aws_xray_sdk", "jsonschema", "pydantic", "requests", "moto", "iotgen"]
SCRIPT = """
import sys, time
began = time.process_time()
import {name}.handler
print(time.process_time() - began)
print(*[module for module in {unused} if module in sys.modules])
"""


@pytest.mark.parametrize("name", ["data_ingestion", "data_processor", "data_query", "event_processor"])
def test_imports_little_and_fast(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(name=name, unused=UNUSED)],
        cwd=HANDLERS,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, modules = done.stdout.split("\n")[:2]
    assert float(seconds) < 0.5
    assert modules == ""
