"""What a container pays for imports before its first event, as a multiple of what boto3 alone costs it.

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
_BARE = "boto3"
_IMPORT = """
import sys, time
before = set(sys.modules)
began = time.process_time()
import {name}
print(time.process_time() - began)
files = {{name: getattr(sys.modules[name], "__file__", None) for name in sys.modules.keys() - before}}
print(*{{name.partition(".")[0] for name, file in files.items() if "{packages}" in str(file)}})
"""


@dataclass(frozen=True)
class ColdStart:
    """The CPU seconds of a handler's imports, those of boto3's alone, and the packages that nothing uses."""

    seconds: float
    bare: float
    unused: frozenset[str]


def measure() -> dict[str, ColdStart]:
    """Measure each handler, the best of three times."""
    packages = _packages()
    with tempfile.TemporaryDirectory() as bytecode:
        modules = [_BARE, *(f"{name}.handler" for name in NAMES)]
        for module in modules:
            _run(module, packages, PYTHONPYCACHEPREFIX=bytecode, PYTHONDONTWRITEBYTECODE="")
        for sources in (packages, HANDLERS):
            shutil.rmtree(Path(bytecode, *sources.parts[1:]))
        best = {module: _best(module, packages, bytecode) for module in modules}
    bare, _ = best[_BARE]
    return {name: ColdStart(best[f"{name}.handler"][0], bare, best[f"{name}.handler"][1]) for name in NAMES}


def _best(module: str, packages: Path, bytecode: str) -> tuple[float, frozenset[str]]:
    return min(
        (
            _run(module, packages, PYTHONPYCACHEPREFIX=bytecode, PYTHONDONTWRITEBYTECODE="1")
            for _ in range(_TRIES)
        ),
        key=lambda run: run[0],
    )


def _run(module: str, packages: Path, **environment: str) -> tuple[float, frozenset[str]]:
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT.format(name=module, packages=packages)],
        cwd=HANDLERS,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, imported = done.stdout.splitlines()
    return float(seconds), frozenset(imported.split()) - _USED


def _packages() -> Path:
    """Where the layer's packages are installed."""
    found = importlib.util.find_spec("boto3")
    if found is None or found.origin is None:
        raise RuntimeError("boto3 is not installed")
    return Path(found.origin).parent.parent
