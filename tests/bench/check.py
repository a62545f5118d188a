"""How long `iotgen check` takes: the largest spec of the corpus beside the reference pipeline, run by turns.

The exit code is 1 when the ratio of the fastest runs is 2 or more.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

REPO = Path(__file__).parent.parent.parent
LARGEST = REPO / "tests/corpus/sondehub/specs/pipeline.yaml"
REFERENCE = REPO / "specs/pipeline.yaml"
PAIRS = 15
LIMIT = 2.0
# Without compiled modules, compiling iotgen would be most of both times.
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def main() -> int:
    """Print both times and their ratio."""
    times: dict[Path, list[float]] = {LARGEST: [], REFERENCE: []}
    for _ in range(PAIRS):
        for spec, seconds in times.items():
            seconds.append(_seconds(spec))
    largest, reference = (min(times[spec]) for spec in (LARGEST, REFERENCE))
    print(f"{LARGEST.relative_to(REPO)}  {largest:.2f} s")
    print(f"{REFERENCE.relative_to(REPO)}  {reference:.2f} s")
    print(f"ratio  {largest / reference:.2f}, limit {LIMIT}")
    return 0 if largest / reference < LIMIT else 1


def _seconds(spec: Path) -> float:
    started = time.perf_counter()
    command = [sys.executable, "-m", "iotgen", "check", str(spec)]
    subprocess.run(command, cwd=REPO, env=ENVIRONMENT, capture_output=True, check=False)
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
