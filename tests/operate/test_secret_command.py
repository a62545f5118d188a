"""`iotgen secret` with a real local AWS: no file, no output and no process list ever holds the secret."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from readings.registry import _KEY_SECONDS

from iotgen.cli.secret import _CACHED
from iotgen.local import server
from tests.local.calls import client

pytestmark = pytest.mark.system

SECRET = "hunter2-the-value-that-nobody-may-see"
NAME = "api-key-dev"
SPEC = """\
version: 1
pipeline: p
parameters: {api-key: {secure: true}, plain: {value: "5"}}
functions:
  f: {source: handlers/f, access: {parameters: {api-key: get}}}
"""
COMMAND = (sys.executable, "-m", "iotgen", "secret")
LOCAL = ("--target", "local")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project with its local AWS, and in it what an apply leaves of a secure parameter."""
    project = tmp_path_factory.mktemp("project")
    (project / "specs").mkdir()
    (project / "specs/pipeline.yaml").write_text(SPEC, encoding="utf-8")
    (project / "handlers/f").mkdir(parents=True)
    code = "import os\n\nNAME = os.environ['PARAMETER_API_KEY']\n\n\ndef handler(event, context): ...\n"
    (project / "handlers/f/handler.py").write_text(code, encoding="utf-8")
    folder = project / "out/.local"
    aws = server.up(folder)
    try:
        client(aws, "ssm").put_parameter(Name=NAME, Value="unset", Type="SecureString")
        yield project
    finally:
        server.down(folder, patience=2)


def environment(project: Path) -> dict[str, str]:
    return {**os.environ, "HOME": str(project / "home"), "AWS_EC2_METADATA_DISABLED": "true"}


def run(project: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *arguments, *LOCAL],
        cwd=project,
        env=environment(project),
        input=stdin,
        capture_output=True,
        check=False,
    )


def stored(project: Path) -> str:
    aws = server.status(project / "out/.local")
    assert aws
    answer = client(aws, "ssm").get_parameter(Name=NAME, WithDecryption=True)
    return str(answer["Parameter"]["Value"])


class Watch(threading.Thread):
    """Looks through every process's arguments and environment as long as it runs."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()
        self.rounds = 0
        self.leaks: list[str] = []

    def run(self) -> None:
        while not self.over.is_set():
            for process in Path("/proc").glob("[0-9]*"):
                for file in ("cmdline", "environ"):
                    self._look(process / file)
            self.rounds += 1

    def _look(self, file: Path) -> None:
        try:
            if SECRET.encode() in file.read_bytes():
                self.leaks.append(str(file))
        except OSError:
            return  # it has ended, or is another user's


def assert_nowhere(project: Path) -> None:
    files = [path for path in project.rglob("*") if path.is_file()]
    assert len(files) > 3
    assert [path for path in files if SECRET.encode() in path.read_bytes()] == []


def test_a_secret_from_standard_input_is_on_aws_and_nowhere_else(project: Path) -> None:
    watch = Watch()
    watch.start()
    done = run(project, "set", "api-key", stdin=f"{SECRET}\n".encode())
    watch.over.set()
    watch.join()
    assert done.returncode == 0, done.stderr
    assert stored(project) == SECRET
    assert SECRET.encode() not in done.stdout + done.stderr
    assert done.stdout.decode().splitlines()[0].endswith(f"of {NAME}")
    assert watch.rounds > 1
    assert watch.leaks == []
    assert_nowhere(project)


def test_a_secret_is_typed_twice_on_a_terminal_and_not_shown(project: Path) -> None:
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "set", "api-key", *LOCAL],
        cwd=project,
        env=environment(project),
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
    )
    os.close(follower)
    shown = b""
    for prompt in (b"value of api-key: ", b"Repeat for confirmation: "):
        while prompt not in shown:
            shown += os.read(leader, 1000)
        os.write(leader, f"{SECRET}-typed\n".encode())
        shown = shown.partition(prompt)[2]
    try:
        while chunk := os.read(leader, 1000):
            shown += chunk
    except OSError:
        pass  # the other end is closed
    os.close(leader)
    assert process.wait() == 0, shown
    assert SECRET.encode() not in shown
    assert stored(project) == f"{SECRET}-typed"
    assert_nowhere(project)


def test_a_list_shows_that_it_is_set_and_not_what_to(project: Path) -> None:
    run(project, "set", "api-key", stdin=SECRET.encode())
    done = run(project, "list")
    first, second, third = done.stdout.decode().splitlines()
    assert first.startswith("api-key  set: version ")
    assert (second, third) == ("         api-key-dev (specs/pipeline.yaml:3)", "         read by f")
    (listed,) = json.loads(run(project, "list", "--format", "json").stdout)
    assert listed["set"] is True
    assert SECRET.encode() not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("key", "stdin", "code", "message"),
    [
        ("api-key", b"\n", 1, "the value for `api-key` is empty, which Parameter Store refuses"),
        ("api-key", b"\xff\xfe", 1, "the value for `api-key` is not UTF-8"),
        (
            "api-key",
            b"x" * 100_000,
            1,
            "the value for `api-key` has more than the 4096 bytes that Parameter Store takes",
        ),
        ("api-kye", b"x", 2, "there is no secure parameter `api-kye`; did you mean `api-key`?"),
        (
            "plain",
            b"x",
            2,
            "the parameter `plain` is not secure: the spec holds its value, at specs/pipeline.yaml:3",
        ),
    ],
)
def test_what_cannot_be_set_changes_nothing(
    project: Path, key: str, stdin: bytes, code: int, message: str
) -> None:
    before = stored(project)
    done = run(project, "set", key, "--format", "json", stdin=stdin)
    assert (done.returncode, json.loads(done.stdout)["error"]["message"]) == (code, message)
    assert stored(project) == before


@pytest.mark.parametrize(
    ("typed", "value"), [(b"a\n", "a"), (b"a\r\n", "a"), (b"a\n\n", "a\n"), (b" a ", " a ")]
)
def test_one_newline_at_the_end_is_not_of_the_value(project: Path, typed: bytes, value: str) -> None:
    assert run(project, "set", "api-key", stdin=typed).returncode == 0
    assert stored(project) == value


def test_without_a_local_aws_it_says_how_to_start_one(project: Path) -> None:
    done = run(project, "set", "api-key", "--out", "elsewhere", stdin=b"x")
    assert done.returncode == 3
    assert done.stderr.decode().splitlines() == [
        "error: the local AWS is not running",
        "    Run `iotgen apply --target local` to deploy to one, or `iotgen local up` to start it.",
    ]


def test_the_handlers_read_it_again_when_the_message_says_so() -> None:
    assert _KEY_SECONDS == 5 * 60
    assert _CACHED == "handlers of the reference pipelines read it again within five minutes"
