"""`iotgen diff` as a user meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iotgen.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]

SPEC = """\
version: 1
pipeline: p
tables: {t: {partition_key: {id: string}}}
functions:
  f: {source: handlers/f, access: {tables: {t: read}}}
endpoints:
  /a: {method: GET, function: f, parameters: {id: required}}
environments:
  prod: {functions: {f: {memory: 512}}}
"""
HANDLER = "def handler(event, context): ...\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/pipeline.yaml").write_text(SPEC)
    (tmp_path / "handlers/f").mkdir(parents=True)
    (tmp_path / "handlers/f/handler.py").write_text(HANDLER)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ENVIRONMENT_SUFFIX", raising=False)
    return tmp_path


@pytest.fixture
def run(
    project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["iotgen", "diff", *arguments])
        with pytest.raises(SystemExit) as exited:
            main()
        printed = capfd.readouterr()
        assert "Traceback" not in printed.err
        return int(exited.value.code or 0), printed.out, printed.err

    return command


def commit(project: Path) -> None:
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "one"]):
        named = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *named, *arguments], cwd=project, check=True)


def test_two_environments(run: Run) -> None:
    code, out, err = run("dev", "prod")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "~ function f  [specs/pipeline.yaml:5]",
        "    memory: 256 -> 512  [default -> specs/pipeline.yaml:9]",
        "dev -> prod: 1 difference",
    ]


def test_no_difference(run: Run) -> None:
    assert run("dev", "qa") == (0, "dev -> qa: no difference\n", "")


@pytest.mark.parametrize(("environments", "code"), [(("dev", "prod"), 2), (("dev", "qa"), 0)])
def test_the_exit_code_shows_a_difference_if_asked(
    environments: tuple[str, str], code: int, run: Run
) -> None:
    assert run(*environments, "--detailed-exitcode")[0] == code


def test_a_suffix_that_is_close_to_an_environment(run: Run) -> None:
    code, out, err = run("dev", "prd")
    assert (code, out) == (0, "dev -> prd: no difference\n")
    assert err == "`prd` has no overlay in the spec; did you mean `prod`?\n"


def test_a_revision_and_the_working_tree(run: Run, project: Path) -> None:
    commit(project)
    assert run("--rev", "main")[1] == "main -> working tree: no difference\n"
    (project / "handlers/f/handler.py").write_text(HANDLER + "more = 1\n")
    spec = SPEC.replace("t: read", "t: [get, query, put]").replace("memory: 512", "memory: 1024")
    (project / "specs/pipeline.yaml").write_text(spec)
    lines = run("--rev", "main", "--suffix", "prod")[1].splitlines()
    assert [line.strip() for line in lines] == [
        "~ function f  [main:specs/pipeline.yaml:5 -> specs/pipeline.yaml:5]",
        "memory: 512 -> 1024  [main:specs/pipeline.yaml:9 -> specs/pipeline.yaml:9]",
        "gains: put the table `t` (dynamodb:PutItem)  [specs/pipeline.yaml:5]",
        "code: changed handler.py",
        "main -> working tree: 3 differences",
    ]


def test_the_result_as_json(run: Run) -> None:
    result = json.loads(run("dev", "prod", "--format", "json")[1])
    assert (result["before"], result["after"]) == ("dev", "prod")
    [difference] = result["differences"]
    assert difference["settings"][0]["new"] == 512


def test_errors_as_json(run: Run) -> None:
    code, out, err = run("--rev", "main", "--format", "json")
    assert (code, err) == (1, "")
    assert json.loads(out)["error"]["message"] == "specs/pipeline.yaml is in no git repository"


@pytest.mark.parametrize("arguments", [(), ("dev",), ("a", "b", "c"), ("dev", "prod", "--rev", "main")])
def test_a_comparison_of_two_things(arguments: tuple[str, ...], run: Run) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "error: " in err


def test_a_zip_that_git_does_not_have_is_new(run: Run, project: Path) -> None:
    spec = project / "specs/pipeline.yaml"
    zipped = "f: {artifact: f.zip, runtime: nodejs22.x, handler: index.handler"
    spec.write_text(spec.read_text().replace("f: {source: handlers/f", zipped))
    commit(project)
    (project / "f.zip").write_bytes(b"PK")
    assert run("dev", "qa")[1] == "dev -> qa: no difference\n"
    assert run("--rev", "main")[1].splitlines() == [
        "~ function f  [main:specs/pipeline.yaml:5 -> specs/pipeline.yaml:5]",
        "    code: added f.zip",
        "main -> working tree: 1 difference",
    ]


def test_errors_of_the_revision_are_placed_in_it(run: Run, project: Path) -> None:
    (project / "specs/pipeline.yaml").write_text(SPEC.replace("t: read", "u: read"))
    commit(project)
    (project / "specs/pipeline.yaml").write_text(SPEC)
    code, out, err = run("--rev", "main")
    assert (code, out) == (1, "")
    assert err.startswith("main:specs/pipeline.yaml:5:45: IOT201 there is no table `u`")
