"""`iotgen dev` on the local AWS: what is saved goes live, and what is broken does not."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from iotgen.local import server

pytestmark = pytest.mark.e2e

SPEC = """\
version: 1
pipeline: p
functions:
  f: {source: handlers/f}
"""
HANDLER = """\
def handler(event, context):
    print('{"message": "invocation", "readings": {"d-1": ["e-1"]}}')
    return "one"
"""


@dataclass
class Loop:
    """A project with `iotgen dev` at work in it; `printed` has all that it has printed."""

    root: Path
    process: "subprocess.Popen[bytes]"
    eventually: Callable[..., Any]

    @property
    def printed(self) -> str:
        return (self.root / "printed").read_text()

    def prints(self, text: str, times: int = 1) -> None:
        """Wait until it has printed a text so often."""

        def look() -> bool:
            assert self.process.poll() is None, self.printed
            return self.printed.count(text) >= times

        self.eventually(look, patience=300)

    def save(self, name: str, text: str) -> None:
        new = self.root / f"{name}.new"
        new.write_text(text)
        new.replace(self.root / name)

    @property
    def lambda_(self) -> Any:
        aws = server.status(self.root / "out/.local")
        assert aws
        return boto3.client(
            "lambda",
            endpoint_url=aws.endpoint,
            region_name="us-east-1",
            aws_access_key_id=aws.access_key,
            aws_secret_access_key=aws.secret_key,
        )

    def answer(self) -> Any:
        return json.loads(self.lambda_.invoke(FunctionName="f-dev")["Payload"].read())

    def run(self, *arguments: str, code: int = 0) -> str:
        command = [sys.executable, "-m", "iotgen", *arguments]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory, eventually: Callable[..., Any]) -> Iterator[Loop]:
    root = tmp_path_factory.mktemp("loop")
    (root / "handlers/f").mkdir(parents=True)
    (root / "handlers/f/handler.py").write_text(HANDLER)
    (root / "spec.yaml").write_text(SPEC)
    command = [sys.executable, "-m", "iotgen", "dev", "spec.yaml", "--yes"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    with (root / "printed").open("wb") as out:
        process = subprocess.Popen(
            command, cwd=root, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    try:
        with process:
            made = Loop(root, process, eventually)
            made.prints("Watching for saves")
            yield made
            process.kill()
    finally:
        process.kill()
        server.down(root / "out/.local")


def test_a_saved_handler_answers_at_once_and_a_broken_one_changes_nothing(loop: Loop) -> None:
    assert loop.answer() == "one"
    loop.save("handlers/f/handler.py", HANDLER.replace("one", "two"))
    loop.prints("f is live after")
    assert loop.answer() == "two"
    loop.prints("handled by f, and no row was found")
    assert "e-1 of d-1  20" in loop.printed
    loop.save("handlers/f/handler.py", "def handler(:\n")
    loop.prints("What was live before stays live.")
    assert "handlers/f/handler.py:1: not valid Python: invalid syntax" in loop.printed
    assert loop.answer() == "two"
    loop.save("handlers/f/handler.py", HANDLER.replace("one", "three"))
    loop.prints("f is live after", 2)
    assert loop.answer() == "three"
    assert loop.printed.count("Terraform applies the plan") == 1


def test_a_second_loop_of_the_environment_is_refused(loop: Loop) -> None:
    refused = loop.run("dev", "spec.yaml", code=1)
    assert f"another `iotgen dev` (process {loop.process.pid}) watches `dev`" in refused


def test_a_saved_spec_is_an_apply_that_names_what_changes(loop: Loop) -> None:
    loop.save("spec.yaml", SPEC.replace("handlers/f}", "handlers/f, timeout: 9}"))
    loop.prints("Live again.")
    assert "Resources change: function f spec.yaml:4\n" in loop.printed
    assert "timeout  20 -> 9" in loop.printed
    assert loop.lambda_.get_function_configuration(FunctionName="f-dev")["Timeout"] == 9
    assert loop.answer() == "three"


def test_the_next_apply_settles_what_the_loop_put_live_though_the_file_is_back(loop: Loop) -> None:
    before = (loop.root / "handlers/f/handler.py").read_text()
    loop.save("handlers/f/handler.py", HANDLER.replace("one", "four"))
    loop.prints("f is live after", 3)
    loop.process.send_signal(signal.SIGINT)
    assert loop.process.wait(60) == 0
    assert loop.printed.endswith(
        "Terraform does not know the code of f: `iotgen apply --target local --suffix dev` settles that.\n"
    )
    loop.save("handlers/f/handler.py", before)
    assert loop.answer() == "four"
    assert "new code" in loop.run("plan", "spec.yaml", "--target", "local", "--detailed-exitcode", code=2)
    assert "the code of f-dev is as rendered again" in loop.run(
        "apply", "spec.yaml", "--target", "local", "--yes"
    )
    assert loop.answer() == "three"
    assert "Nothing to change." in loop.run("plan", "spec.yaml", "--target", "local")
