import hashlib
import os
import sys
import tarfile
from pathlib import Path

import pytest

from iotgen.errors import IotgenError, RemoteError
from iotgen.package.fetch import fetch_wheels, pip_environment
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
        "  the package index does not respond, trying again",
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
    with pytest.raises(RemoteError, match="pip did not finish"):
        fetch_wheels([SIX], LAMBDA, tmp_path, print, pip=pip, patience=0.2)


def test_a_pip_that_is_killed(tmp_path: Path) -> None:
    pip = script(tmp_path, "import os\nos.kill(os.getpid(), 9)\n")
    with pytest.raises(IotgenError) as caught:
        fetch_wheels([SIX], LAMBDA, tmp_path, print, pip=pip)
    assert caught.value.message == "pip was killed by signal 9"


def test_a_python_without_pip(tmp_path: Path) -> None:
    pip = [sys.executable, "-S", "-I", "-m", "pip"]
    with pytest.raises(IotgenError, match="needs pip, which this Python lacks"):
        fetch_wheels([SIX], LAMBDA, tmp_path, print, pip=pip)


def test_a_python_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(IotgenError, match="cannot run pip with"):
        fetch_wheels([SIX], LAMBDA, tmp_path, print, pip=[str(tmp_path / "python")])


def test_an_index_that_refuses_the_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Port 1 of loopback: nothing listens there. Only pip's own settings lead to it.
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(
        RemoteError, match=r"the package index cannot be reached: http://127\.0\.0\.1:1/simple/six/"
    ):
        fetch_wheels([SIX], LAMBDA, tmp_path, print)


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with all that could run in pip's place, and a file that tells when it did."""
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    ran = tmp_path / "ran"
    for name in ("pip", "sitecustomize", "usercustomize", "json", "typing"):
        Path(f"{name}.py").write_text(f"open({str(ran)!r}, 'a').write({name!r})\n")
    for name in ("lsb_release", "uname", "keyring"):
        Path(name).write_text(f"#!/bin/sh\necho {name} >> {ran}\n")
        Path(name).chmod(0o755)
    monkeypatch.setenv("PYTHONPATH", ".")
    monkeypatch.setenv("PYTHONSTARTUP", "pip.py")
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}{os.pathsep}")
    return ran


def test_nothing_of_the_working_folder_runs(
    tmp_path: Path, trap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    (tmp_path / "wheels").mkdir()
    with pytest.raises(IotgenError, match=r"the package index has no six 1\.17\.0"):
        fetch_wheels([SIX], LAMBDA, tmp_path / "wheels", print)
    assert not trap.exists()


def test_a_source_distribution_is_not_built(
    tmp_path: Path, trap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "six-1.17.0"
    source.mkdir()
    (source / "setup.py").write_text(f"open({str(trap)!r}, 'a').write('setup')\n")
    (source / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: six\nVersion: 1.17.0\n")
    with tarfile.open("six-1.17.0.tar.gz", "w:gz") as archive:
        archive.add(source, source.name)
    digest = hashlib.sha256(Path("six-1.17.0.tar.gz").read_bytes()).hexdigest()
    pin = Pin("six", "1.17.0", (), "", (f"--hash=sha256:{digest}",), 1)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", ".")  # of the user's folder, though pip runs in another
    monkeypatch.setenv("PIP_NO_BINARY", "six")
    (tmp_path / "wheels").mkdir()
    with pytest.raises(IotgenError, match=r"six 1\.17\.0 has no wheel for python3\.11 on arm64"):
        fetch_wheels([pin], LAMBDA, tmp_path / "wheels", print)
    assert not trap.exists()


def test_settings_of_pip_mean_the_same_in_another_folder() -> None:
    given = {
        "PATH": "/usr/bin::bin:.:/bin",
        "PIP_CERT": "own.pem",
        "PIP_FIND_LINKS": "wheels /more https://example.com/wheels",
        "PIP_INDEX_URL": "https://example.com/simple",
        "PIP_QUIET": "3",
    }
    assert pip_environment(given, Path("/project")) == {
        "PATH": "/usr/bin:/bin",
        "PIP_CERT": "/project/own.pem",
        "PIP_FIND_LINKS": "/project/wheels /more https://example.com/wheels",
        "PIP_INDEX_URL": "https://example.com/simple",
    }
