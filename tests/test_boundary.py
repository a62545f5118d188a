"""One boundary: whatever goes wrong is a message and an exit code, by its class, and never a traceback."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from iotgen.cli.boundary import explained
from iotgen.errors import IotgenError, MachineError, RemoteError, UsageError

pytestmark = pytest.mark.system

IOTGEN = str(Path(sys.executable).with_name("iotgen"))


def _here() -> str:
    return "/"


def _gone() -> str:
    raise FileNotFoundError(errno.ENOENT, "No such file or directory")


@pytest.mark.parametrize(
    ("error", "code", "message", "hint"),
    [
        (IotgenError("m", "h"), 1, "m", "h"),
        (UsageError("m"), 2, "m", ""),
        (RemoteError("m"), 3, "m", ""),
        (
            PermissionError(errno.EACCES, "Permission denied", "a/b"),
            1,
            "cannot use a/b: permission denied",
            "Change its permissions, or choose another place.",
        ),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", b"\xff"), 1, "cannot use \udcff: no such file or directory", ""),
        (OSError(errno.ELOOP, "Too many levels", "x"), 1, "cannot use x: too many levels", "Remove the symbolic link that leads back to itself."),
        (OSError(errno.ENOSPC, "No space left on device"), 3, "the system refused: no space left on device", "Free some space on that disk, then run it again."),
        (OSError("odd"), 3, "the system refused: odd", ""),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates"), 1, "a text cannot be read or written: 'utf-8' codec can't encode character '\\ud800' in position 0: surrogates", "Write the file as UTF-8."),
        (ClientError({"Error": {"Code": "AccessDeniedException", "Message": "No."}}, "GetRestApis"), 3, "AWS refused GetRestApis: No (AccessDeniedException)", "Give the caller the permission for GetRestApis."),
        (ClientError({"Error": {"Code": "ThrottlingException", "Message": "Rate exceeded"}}, "ListQueues"), 3, "AWS refused ListQueues: Rate exceeded (ThrottlingException)", "Try again in a moment."),
        (ClientError({"Error": {"Code": "ExpiredToken", "Message": "Old"}}, "ListQueues"), 3, "AWS refused ListQueues: Old (ExpiredToken)", "Log in again: aws sso login"),
        (ClientError({"Error": {"Code": "NotFound"}}, "HeadBucket"), 3, "AWS refused HeadBucket: NotFound (NotFound)", ""),
        (EndpointConnectionError(endpoint_url="http://x"), 3, 'a call of AWS failed: Could not connect to the endpoint URL: "http://x"', "Check the network and the region."),
        (RecursionError(), 1, "the input is nested too deeply", "Look for unclosed brackets."),
        (MemoryError(), 3, "out of memory", "Close other programs, then run it again."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)  # fmt: skip
def test_each_class_of_error(error: Exception, code: int, message: str, hint: str) -> None:
    found = explained(error, _here)
    assert found is not None
    assert (found.exit_code, found.message, found.hint) == (code, message, hint)
    assert isinstance(found, MachineError) == (
        code == 3 and not isinstance(error, RemoteError | ClientError | EndpointConnectionError)
    )


def test_a_fault_of_iotgens_own_is_none_of_the_users() -> None:
    assert explained(KeyError("x"), _here) is None
    assert explained(AssertionError(), _here) is None


def test_a_working_folder_that_is_gone() -> None:
    found = explained(FileNotFoundError(errno.ENOENT, "No such file or directory"), _gone)
    assert found is not None
    assert (found.message, found.hint) == (
        "the working folder no longer exists",
        "Change to another folder with `cd`.",
    )


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/pipeline.yaml").write_text("version: 1\npipeline: p\nqueues: {q: {max_receives: x}}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _shell(command: str) -> tuple[int, str]:
    """The exit code of iotgen in a pipe, and all that is on standard error."""
    script = f'{command.replace("iotgen", IOTGEN, 1)}\nexit "${{PIPESTATUS[0]}}"'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    return done.returncode, done.stderr


FULL = "error: cannot write standard output: no space left on device\n    Nothing else was lost.\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("command", ["--help", "--version", "schema", "schema specs/pipeline.yaml", "check --format json", "check --format sarif", "explain IOT201", "local status", "init new"])  # fmt: skip
def test_a_full_disk_behind_the_result(project: Path, command: str) -> None:
    code, said = _shell(f"iotgen {command} > /dev/full")
    assert code == 3
    assert said.endswith(FULL)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_behind_the_messages(project: Path) -> None:
    assert _shell("iotgen check 2> /dev/full")[0] == 1


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("iotgen schema | head -c 1", 0),
        ("iotgen schema | true", 0),
        ("iotgen check 2>&1 | true", 1),
        ("iotgen check --nothing 2>&1 | true", 2),
        ("iotgen schema >&-", 0),
        ("iotgen check 2>&-", 1),
        ("iotgen check <&- >&- 2>&-", 1),
    ],
)
def test_a_reader_that_has_gone_changes_no_exit_code(project: Path, command: str, code: int) -> None:
    assert {_shell(command)[0] for _ in range(3)} == {code}


@pytest.mark.parametrize(
    "command", ["check", "render", "schema specs/pipeline.yaml", "init", "local status", "output"]
)
def test_no_working_folder(tmp_path: Path, command: str) -> None:
    script = f"mkdir gone && cd gone && rmdir ../gone && {IOTGEN} {command}"
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr


def test_a_text_that_standard_output_cannot_hold(project: Path) -> None:
    (project / "a\udcff.yaml").write_text("version: 1\npipeline: é→\n")
    env = {**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    done = subprocess.run([IOTGEN, "check", "a\udcff.yaml"], env=env, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert b"\\u2192" in done.stderr


def test_a_standard_input_that_is_closed(project: Path) -> None:
    (project / "specs/pipeline.yaml").write_text("version: 1\npipeline: p\nqueues: {q: {}}\n")
    code, closed = _shell("iotgen send - --target local <&-")
    assert code != 70
    assert (code, closed) == _shell("iotgen send - --target local < /dev/null")
