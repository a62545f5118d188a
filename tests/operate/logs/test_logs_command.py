"""`iotgen logs` with a real local AWS: its log groups as functions leave them."""

from __future__ import annotations

import json
import os
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
functions:
  first: {source: handlers/f}
  second: {source: handlers/f}
  third: {source: handlers/f}
endpoints:
  /a: {method: GET, function: first}
"""
COMMAND = (sys.executable, "-m", "iotgen", "logs", "--target", "local")
PATIENCE = 60


@dataclass(frozen=True)
class Project:
    """A project whose local AWS has two of its three functions' log groups."""

    folder: Path
    logs: Any

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

    def write(self, group: str, *lines: str, ago: int = 1000) -> None:
        """Write lines into a function's log that are `ago` milliseconds old."""
        now = time.time_ns() // 1_000_000 - ago
        events = [{"timestamp": now, "message": line} for line in lines]
        self.logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}


def json_line(**fields: Any) -> str:
    return json.dumps({"timestamp": "2026-01-15T10:00:00.000Z", "message": "invocation", **fields})


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    folder = tmp_path_factory.mktemp("project")
    (folder / "specs").mkdir()
    (folder / "specs/pipeline.yaml").write_text(SPEC, encoding="utf-8")
    (folder / "handlers/f").mkdir(parents=True)
    (folder / "handlers/f/handler.py").write_text("def handler(event, context): ...\n")
    aws = server.up(folder / "out/.local")
    try:
        yield Project(folder, client(aws, "logs"))
    finally:
        server.down(folder / "out/.local", patience=2)


@pytest.fixture
def written(project: Project) -> Iterator[Project]:
    """The project, with some lines in the log groups."""
    groups = ("/aws/lambda/first-dev", "/aws/lambda/second-dev", "/aws/apigateway/p-api-dev")
    for group in groups:
        project.logs.create_log_group(logGroupName=group)
        project.logs.create_log_stream(logGroupName=group, logStreamName="s")
    project.write(groups[0], "START RequestId: r-1", json_line(level="INFO", request_id="r-1"), ago=9000)
    project.write(groups[1], json_line(level="ERROR", device="device-1", request_id="r-2"), ago=8000)
    project.write(groups[0], "printed\x1b[31m", "REPORT RequestId: r-3\tStatus: timeout", ago=7000)
    project.write(groups[2], '{"method": "GET", "path": "/a", "status": "503"}', ago=6000)
    project.write(groups[0], json_line(level="INFO", request_id="old"), ago=3_600_000)
    yield project
    for group in groups:
        project.logs.delete_log_group(logGroupName=group)


def writers(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line.split()[1] for line in done.stdout.splitlines()]


def test_the_lines_of_all_functions_come_in_order(written: Project) -> None:
    done = written.run()
    assert writers(done) == ["first", "second", "first", "first"]
    first, second, third, fourth = done.stdout.splitlines()
    assert first.endswith("Z first  INFO  invocation request_id=r-1")
    assert second.endswith("Z second ERROR invocation device=device-1 request_id=r-2")
    assert third.endswith(r"Z first        printed\u001b[31m")
    assert fourth.endswith("Z first  ERROR REPORT RequestId: r-3 Status: timeout")
    assert done.stderr == "third has not run yet: there is no log group /aws/lambda/third-dev.\n"


def test_lines_can_be_chosen(written: Project) -> None:
    assert writers(written.run("--errors")) == ["second", "first"]
    assert writers(written.run("--all")) == ["first", "first", "second", "first", "first"]
    assert writers(written.run("--request", "r-1")) == ["first"]
    assert writers(written.run("--device", "device-1")) == ["second"]
    assert writers(written.run("second")) == ["second"]
    assert writers(written.run("--since", "2h")) == ["first", "first", "second", "first", "first"]
    assert writers(written.run("--api", "--errors")) == ["second", "first", "p-api"]
    assert writers(written.run("--since", "2h", "--until", "30m")) == ["first"]


def test_where_no_line_matches_the_way_to_older_ones_is_named(written: Project) -> None:
    done = written.run("first", "--request", "gone", "--since", "2026-01-15T10:00")
    assert done.stdout == ""
    there_are_none = (
        "There are no such lines since 2026-01-15T10:00:00.000Z; `--since 1d` looks further back.\n"
    )
    assert done.stderr == there_are_none


def test_json_is_an_object_on_each_line(written: Project) -> None:
    lines = [json.loads(line) for line in written.run("--format", "json").stdout.splitlines()]
    assert [line["function"] for line in lines] == ["first", "second", "first", "first"]
    assert lines[1]["fields"] == {"device": "device-1", "request_id": "r-2"}


def test_a_limit_that_is_reached_is_told_with_what_goes_on(written: Project) -> None:
    done = written.run("--limit", "2")
    assert writers(done) == ["first", "second"]
    go_on = done.stderr.split("`")[1].split()
    assert go_on[0] == "--since"
    assert writers(written.run(*go_on)) == ["first", "first"]


def test_following_shows_what_comes_until_it_is_interrupted(written: Project) -> None:
    with subprocess.Popen(
        [*COMMAND, "--follow", "--since", "1m"],
        cwd=written.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as following:
        assert following.stdout
        before = [following.stdout.readline() for _ in range(4)]
        written.write("/aws/lambda/second-dev", json_line(request_id="r-9"))
        assert following.stdout.readline().endswith("invocation request_id=r-9\n")
        following.send_signal(signal.SIGINT)
        rest, said = following.communicate(timeout=PATIENCE)
    assert [line.split()[1] for line in before] == ["first", "second", "first", "first"]
    assert (following.returncode, rest) == (0, "")
    assert said == "third has not run yet: there is no log group /aws/lambda/third-dev.\n"


def test_following_ends_with_its_reader(written: Project) -> None:
    with subprocess.Popen(
        [*COMMAND, "--follow", "--since", "1m"], cwd=written.folder, env=environment(), stdout=subprocess.PIPE
    ) as following:
        assert following.stdout
        following.stdout.readline()
        following.stdout.close()
        for _ in range(5):  # a line is written, and found unread, in one of the next rounds
            written.write("/aws/lambda/first-dev", json_line(request_id="r-9"))
            try:
                following.wait(5)
                break
            except subprocess.TimeoutExpired:
                continue
        assert following.returncode == 0


def test_where_nothing_is_deployed_there_are_no_logs(project: Project) -> None:
    done = project.run("--suffix", "qa", code=1)
    assert "there are no logs of `qa` on target local: none of its log groups exists" in done.stderr
    assert "`iotgen apply --target local --suffix qa` deploys it." in done.stderr
    error = json.loads(project.run("--suffix", "qa", "--format", "json", code=1).stdout)
    assert error["error"]["exit_code"] == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["frist"], "the spec has no function `frist`; did you mean `first`?"),
        (["--since", "soon"], "`--since soon` is no time"),
        (["--since", "2999-01-01"], "`--since 2999-01-01` is after the end"),
        (["--follow", "--until", "1m"], "`--follow` goes on without an end, and `--until` names one"),
    ],
)
def test_a_request_that_cannot_be_met_is_refused(
    project: Project, arguments: list[str], message: str
) -> None:
    assert message in project.run(*arguments, code=2).stderr


def test_without_a_local_aws_there_is_a_way_on(project: Project, tmp_path: Path) -> None:
    done = project.run("--out", str(tmp_path), code=3)
    assert "the local AWS is not running" in done.stderr
