"""How long a save takes to be live under `iotgen dev`, beside a bare `update_function_code` of the same zip.

Prints JSON: medians in seconds, and their ratio. `live` is when Lambda reports the update as successful, for
both; `returned` is when the bare call itself returns.
"""

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import boto3

from iotgen.local import server
from iotgen.package import zip_function

SPEC = """\
version: 1
pipeline: bench
functions:
  f: {source: handlers/f}
"""
REPETITIONS = 15
PATIENCE = 300.0
_STEP = 0.005


def main() -> None:
    """Measure both, in a project of its own with a local AWS of its own."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "handlers/f").mkdir(parents=True)
        (root / "spec.yaml").write_text(SPEC)
        _save(root, 0)
        try:
            print(json.dumps(_measured(root), indent=2))
        finally:
            server.down(root / "out/.local")


def _measured(root: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "iotgen", "dev", "spec.yaml", "--yes"]
    with (root / "printed").open("wb") as out:
        process = subprocess.Popen(command, cwd=root, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        _until(lambda: b"Watching for saves" in (root / "printed").read_bytes())
        lambda_ = _client(root)
        saves = [_saved(root, lambda_, number) for number in range(1, REPETITIONS + 1)]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
    bare = [_bare(root, lambda_, number) for number in range(1, REPETITIONS + 1)]
    live, returned = (statistics.median(times) for times in zip(*bare, strict=True))
    save = statistics.median(saves)
    return {
        "save_to_live": round(save, 3),
        "bare_live": round(live, 3),
        "bare_returned": round(returned, 3),
        "ratio": round(save / live, 2),
        "ratio_to_returned": round(save / returned, 1),
    }


def _saved(root: Path, lambda_: Any, number: int) -> float:
    digest = _save(root, number)
    began = time.monotonic()
    _until(lambda: _live(lambda_, digest))
    return time.monotonic() - began


def _bare(root: Path, lambda_: Any, number: int) -> tuple[float, float]:
    digest = _save(root, -number)
    content = (root / "f.zip").read_bytes()
    began = time.monotonic()
    lambda_.update_function_code(FunctionName="f-dev", ZipFile=content)
    returned = time.monotonic() - began
    _until(lambda: _live(lambda_, digest))
    return time.monotonic() - began, returned


def _save(root: Path, number: int) -> str:
    """Write another handler, as editors do; return the digest of its zip, which is made beforehand."""
    source = root / "handlers/f"
    text = f"def handler(event, context):\n    return {number}\n"
    twin = root / "twin/f"
    twin.mkdir(parents=True, exist_ok=True)
    (twin / "handler.py").write_text(text)
    digest = zip_function(twin, [], root / "f.zip").sha256
    new = source / ".handler.py.new"
    new.write_text(text)
    new.replace(source / "handler.py")
    return digest


def _live(lambda_: Any, digest: str) -> bool:
    about = lambda_.get_function_configuration(FunctionName="f-dev")
    return bool(about["CodeSha256"] == digest and about["LastUpdateStatus"] == "Successful")


def _client(root: Path) -> Any:
    aws = server.status(root / "out/.local")
    if aws is None:
        raise SystemExit("the local AWS has stopped")
    return boto3.client(
        "lambda",
        endpoint_url=aws.endpoint,
        region_name="us-east-1",
        aws_access_key_id=aws.access_key,
        aws_secret_access_key=aws.secret_key,
    )


def _until(true: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > deadline:
            raise SystemExit(f"nothing happened within {PATIENCE:.0f} s")
        time.sleep(_STEP)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.pop("AWS_PROFILE", None)
    main()
