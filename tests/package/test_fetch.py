import os
import sys
from pathlib import Path

import pytest

from iotgen.errors import IotgenError, RemoteError
from iotgen.package.fetch import fetch_wheels
from iotgen.package.platforms import lambda_platform
from iotgen.package.requirements import Pin

pytestmark = pytest.mark.system

SIX = Pin("six", "1.17.0", (), "", ("--hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274",), 1)  # fmt: skip # noqa: E501
CFFI = Pin("cffi", "2.0.0", (), "", ("--hash=sha256:" + "0" * 64,), 2)
LAMBDA = lambda_platform("python3.11", "arm64")


def script(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "pip.py").write_text(text)
    return [sys.executable, str(tmp_path / "pip.py")]


def test_pip_is_asked_for_those_wheels_and_nothing_else(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    pip = script(
        tmp_path,
        "import sys, pathlib\n"
        "given = pathlib.Path(sys.argv[-1].removeprefix('--requirement=')).read_text()\n"
        f"pathlib.Path({str(seen)!r}).write_text('\\n'.join(sys.argv[1:] + [given]))\n",
    )
    folder = tmp_path / "wheels"
    folder.mkdir()
    fetch_wheels([SIX, CFFI], LAMBDA, folder, print, pip=pip)
    asked = seen.read_text().splitlines()
    assert {
        "download", "--no-deps", "--require-hashes", "--only-binary=:all:", "--python-version=3.11",
        "--implementation=cp", "--platform=manylinux_2_26_aarch64", "--platform=manylinux2014_aarch64",
    } <= set(asked)  # fmt: skip
    assert f"six==1.17.0 {SIX.hashes[0]}" in asked
    assert list(folder.iterdir()) == []


def test_progress_is_told(tmp_path: Path) -> None:
    pip = script(
        tmp_path,
        "print('Looking in links: /wheels')\n"
        "print('Collecting six==1.17.0 (from -r x (line 1))')\n"
        "print('WARNING: Retrying (Retry(total=4)) after ...')\n"
        "print('  Found link https://x/cffi-1.0-py3-none-any.whl')\n"
        "print('Processing /wheels/cffi-2.0.0-cp311-cp311-manylinux2014_aarch64.whl (from -r x (line 2))')\n",
    )
    said: list[str] = []
    fetch_wheels([SIX, CFFI], LAMBDA, tmp_path, said.append, pip=pip)
    assert said == [
        "  1 of 2: six 1.17.0",
        "  the package index doesn't answer, trying again",
        "  2 of 2: cffi 2.0.0",
    ]


def test_a_failure_is_explained(tmp_path: Path) -> None:
    pip = script(
        tmp_path,
        "import sys\n"
        "print('WARNING: some other trouble', file=sys.stderr)\n"
        "print('  Skipping link: none of the wheel\\'s tags (x) are compatible: https://x/cffi-2.0.0-x.whl')\n"
        "print('ERROR: No matching distribution found for cffi==2.0.0', file=sys.stderr)\n"
        "sys.exit(1)\n",
    )
    with pytest.raises(IotgenError) as caught:
        fetch_wheels([SIX, CFFI], LAMBDA, tmp_path, print, pip=pip)
    assert caught.value.message == "cffi 2.0.0 has no wheel for python3.11 on arm64 (glibc 2.26)"


def test_pip_is_ended_when_interrupted(tmp_path: Path) -> None:
    pip = script(
        tmp_path,
        "import os, time\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\n"
        "print('Collecting six==1.17.0', flush=True)\n"
        "time.sleep(60)\n",
    )

    def interrupt(message: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_wheels([SIX], LAMBDA, tmp_path, interrupt, pip=pip)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_patience_has_an_end(tmp_path: Path) -> None:
    pip = script(tmp_path, "import time\ntime.sleep(60)\n")
    with pytest.raises(RemoteError, match="pip didn't finish"):
        fetch_wheels([SIX], LAMBDA, tmp_path, print, pip=pip, patience=0.2)


def test_a_python_without_pip(tmp_path: Path) -> None:
    pip = [sys.executable, "-S", "-I", "-m", "pip"]
    with pytest.raises(IotgenError, match="needs pip, which this Python lacks"):
        fetch_wheels([SIX], LAMBDA, tmp_path, print, pip=pip)


def test_a_python_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(IotgenError, match="pip can't be started"):
        fetch_wheels([SIX], LAMBDA, tmp_path, print, pip=[str(tmp_path / "python")])


def test_an_index_that_refuses_the_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Port 1 of loopback: nothing listens there. Only pip's own settings lead to it.
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(
        RemoteError, match=r"The package index can't be reached: http://127\.0\.0\.1:1/simple/six/"
    ):
        fetch_wheels([SIX], LAMBDA, tmp_path, print)
