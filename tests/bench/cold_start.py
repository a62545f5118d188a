"""What a container pays for imports before its first event, in CPU seconds.

Python's own modules have their bytecode, as in Lambda's runtime; the layer's and the handlers' have none, for
their zips hold sources and a function can't write beside them. Compiling them is part of what is measured.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HANDLERS = Path(__file__).parent.parent.parent / "handlers"
NAMES = ("data_ingestion", "data_processor", "data_query", "event_processor")

# What the handlers import of the layer, and what boto3 and botocore can't do without.
_USED = {"aws_lambda_powertools", "boto3", "botocore", "fastjsonschema"}
_USED |= {"certifi", "dateutil", "jmespath", "s3transfer", "six", "typing_extensions", "urllib3"}

_TRIES = 3
_IMPORT = """
import sys, time
before = set(sys.modules)
began = time.process_time()
import {name}.handler
print(time.process_time() - began)
files = {{name: getattr(sys.modules[name], "__file__", None) for name in sys.modules.keys() - before}}
print(*{{name.partition(".")[0] for name, file in files.items() if "{packages}" in str(file)}})
"""


@dataclass(frozen=True)
class ColdStart:
    """The CPU seconds of a handler's imports, and the packages among them that nothing uses."""

    seconds: float
    unused: frozenset[str]


def measure() -> dict[str, ColdStart]:
    """Measure each handler, the best of three times."""
    packages = _packages()
    with tempfile.TemporaryDirectory() as bytecode:
        for name in NAMES:
            _run(name, packages, PYTHONPYCACHEPREFIX=bytecode, PYTHONDONTWRITEBYTECODE="")
        for sources in (packages, HANDLERS):
            shutil.rmtree(Path(bytecode, *sources.parts[1:]))
        return {name: _best(name, packages, bytecode) for name in NAMES}


def _best(name: str, packages: Path, bytecode: str) -> ColdStart:
    runs = [
        _run(name, packages, PYTHONPYCACHEPREFIX=bytecode, PYTHONDONTWRITEBYTECODE="1") for _ in range(_TRIES)
    ]
    return min(runs, key=lambda run: run.seconds)


def _run(name: str, packages: Path, **environment: str) -> ColdStart:
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT.format(name=name, packages=packages)],
        cwd=HANDLERS,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, imported = done.stdout.splitlines()
    return ColdStart(float(seconds), frozenset(imported.split()) - _USED)


def _packages() -> Path:
    """Where the layer's packages are installed."""
    found = importlib.util.find_spec("boto3")
    if found is None or found.origin is None:
        raise RuntimeError("boto3 is not installed")
    return Path(found.origin).parent.parent
