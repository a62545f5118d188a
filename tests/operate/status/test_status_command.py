"""`iotgen status` with a real local AWS."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from iotgen.local import server
from tests.local.calls import client

pytestmark = pytest.mark.system

SPEC = """\
version: 1
pipeline: p
queues: {jobs: {}}
functions:
  worker: {source: handlers/f, triggers: [{queue: jobs}]}
alarms: {functions: {errors: 3}}
"""
COMMAND = (sys.executable, "-m", "iotgen", "status", "--target", "local")
PATIENCE = 60


@dataclass(frozen=True)
class Project:
    """A project whose local AWS has a queue, and a log of calls."""

    folder: Path

    def run(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [*COMMAND, *arguments],
            cwd=self.folder,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert "Traceback" not in done.stderr
        assert done.returncode == code, done.stderr
        return done


def environment() -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**own, "COLUMNS": "80", "TERM": "xterm"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("project")
    (folder / "specs").mkdir()
    (folder / "specs/pipeline.yaml").write_text(SPEC, encoding="utf-8")
    (folder / "handlers/f").mkdir(parents=True)
    (folder / "handlers/f/handler.py").write_text("def handler(event, context): ...\n")
    aws = server.up(folder / "out/.local")
    try:
        for name in ("jobs-dev", "jobs-dlq-dev"):
            client(aws, "sqs").create_queue(QueueName=name)
        logs, group = client(aws, "logs"), "/aws/lambda/worker-dev"
        logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName=group, logStreamName="s")
        reports = [f"REPORT RequestId: r\tDuration: {time} ms" for time in (10, 20, 30)]
        now = time.time_ns() // 1_000_000
        events: list[Any] = [{"timestamp": now, "message": text} for text in reports]
        logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)
        yield Project(folder)
    finally:
        server.down(folder / "out/.local", patience=2)


def test_a_screen_shows_what_is_there_and_says_what_is_not_known(project: Project) -> None:
    lines = project.run().stdout.splitlines()
    assert lines[0].startswith("p-dev on target local  ")
    assert lines[2:8] == [
        "functions  calls  errors  throttles  p99 ms  dead  changed",
        "worker     not deployed",
        "",
        "queues  waiting  in flight  oldest s  dead",
        "jobs          0          0         -     0",
        "",
    ]
    assert lines[8].startswith("alarms  0 ALARM, ")
    assert lines[-1] == "are counted in the functions' logs, and `-` is not known."
    assert max(map(len, lines)) <= 80


def test_json_has_all_of_it(project: Project) -> None:
    shown = json.loads(project.run("--format", "json").stdout)
    assert shown["sections"]["queues"]["jobs"] == {
        "deployed": True,
        "waiting": 0,
        "in flight": 0,
        "oldest s": None,
        "dead": 0,
    }
    assert {alarm["state"] for alarm in shown["alarms"]} == {"not deployed"}
    assert shown["deployments"] == []


def test_where_nothing_is_deployed_it_says_how(project: Project) -> None:
    error = json.loads(project.run("--suffix", "qa", "--format", "json", code=1).stdout)["error"]
    assert error["message"] == "nothing is deployed as `qa` on target local"
    assert error["hint"] == "`iotgen apply --target local --suffix qa` deploys it."


def test_watching_needs_a_terminal(project: Project) -> None:
    assert "`--watch` draws on a terminal" in project.run("--watch", code=2).stderr


def test_watching_ends_with_control_c_and_leaves_the_last_screen(project: Project) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "--watch", "--every", "1"],
        cwd=project.folder,
        env=environment(),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as watching:
        os.close(theirs)
        written = b""
        deadline = time.monotonic() + PATIENCE
        while written.count(b"not deployed") < 2 and time.monotonic() < deadline:
            written += os.read(ours, 65536)
        watching.send_signal(signal.SIGINT)
        try:
            while chunk := os.read(ours, 65536):
                written += chunk
        except OSError:  # the other end is closed
            pass
        assert watching.wait(PATIENCE) == 0
    os.close(ours)
    assert b"Traceback" not in written
    assert written.decode().rstrip().endswith("is not known.\x1b[0m")
