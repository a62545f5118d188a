"""The command line as a user meets it: exit codes, one message for each fault, and never a traceback.

0 done; 1 the spec or the request is at fault; 2 the command line is; 3 Terraform or AWS refused.
"""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from iotgen.cli import cli, main
from iotgen.spec.schema import schema

if TYPE_CHECKING:
    from collections.abc import Callable

SPEC = """\
version: 1
pipeline: small
tables: {t: {partition_key: {id: string}}}
functions:
  f: {source: handlers/f, access: {tables: {t: read}}}
endpoints:
  /a: {method: GET, function: f, parameters: {id: required}}
"""


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        """The errors of a spec in text form, without the lines under them; advice is not looked at."""
        return [
            line for line in self.err.splitlines() if re.search(r"^\S+: IOT\d{3} (?!warning:|info:)", line)
        ]


if TYPE_CHECKING:
    Run = Callable[..., Done]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project, the working directory; no AWS credentials, nothing from the user's environment."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/pipeline.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "handlers/f").mkdir(parents=True)
    (tmp_path / "handlers/f/handler.py").write_text("def handler(event, context): ...\n")
    monkeypatch.chdir(tmp_path)
    for name in ("ENVIRONMENT_SUFFIX", "IOTGEN_TERRAFORM", "AWS_ACCESS_KEY_ID", "AWS_PROFILE", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return tmp_path


@pytest.fixture
def run(project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["iotgen", *arguments])
        try:
            main()
            code: str | int | None = 0
        except SystemExit as exited:
            code = exited.code
        said = capfd.readouterr()
        assert "Traceback" not in said.err
        return Done(code if isinstance(code, int) else 0 if code is None else 1, said.out, said.err)

    return command


def _spec(project: Path, text: str) -> None:
    (project / "specs/pipeline.yaml").write_text(text, encoding="utf-8")


def test_a_sound_spec(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("init", "demo")
    monkeypatch.chdir(project / "demo")
    for spec in ("specs/pipeline.yaml", "specs/s3-events.yaml", "specs/mqtt.yaml"):
        done = run("check", "--strict", spec)
        assert (done.code, done.out) == (0, f"{spec}: no problems\n")


def test_check_writes_nothing(run: Run, project: Path) -> None:
    before = sorted(project.rglob("*"))
    run("check")
    assert sorted(project.rglob("*")) == before


def test_render_says_what_it_wrote(run: Run, project: Path) -> None:
    done = run("render", "--suffix", "qa")
    assert done.code == 0
    assert "out/qa/main.tf.json" in done.out.splitlines()
    assert all((project / name).is_file() for name in done.out.splitlines())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1: IOT001 the spec is empty"),
        ("---\n", "1:1: IOT001 the spec is empty"),
        ("a: [b\n", "1:6: IOT002 not valid YAML: a `,` or the closing bracket is missing here"),
        ("tables:\n\tt: {}\n", "2:1: IOT002 not valid YAML: a tab cannot be used here: YAML is indented with spaces"),
        (SPEC + "tables: {}\n", "8:1: IOT003 duplicate key `tables`; it is already set on line 3"),
        (SPEC + "colour: red\n", "8:1: IOT101 `colour` is not a setting of the spec"),
        (SPEC.replace("functions:", "functoins:"), "4:1: IOT101 `functoins` is not a setting of the spec; did you mean `functions`?"),
        (SPEC + "queues: {q: {max_receives: many}}\n", '8:28: IOT102 `max_receives` takes a whole number, not "many"'),
        (SPEC.replace("{t: read}", "{u: read}"), "5:45: IOT201 there is no table `u`"),
        (SPEC.replace("handlers/f", "elsewhere"), "5:15: IOT301 there is no folder `elsewhere`"),
        (SPEC + "parameters: {k: {value: 010}}\n", "8:25: IOT004 `010` is an octal number in YAML because of its leading zero"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", ["check", "render"])
def test_a_spec_at_fault(run: Run, project: Path, command: str, text: str, said: str) -> None:
    _spec(project, text)
    done = run(command)
    assert done.code == 1
    assert done.errors == [f"specs/pipeline.yaml:{said}"]
    assert not (project / "out").exists()


def test_a_spec_that_is_not_there(run: Run) -> None:
    done = run("check", "specs/other.yaml")
    assert done.code == 1
    assert done.err == (
        "specs/other.yaml:1:1: IOT001 there is no such file\n"
        "    Run `iotgen init DIR` for a project to start from.\n"
    )


def test_a_folder_for_a_spec(run: Run) -> None:
    done = run("render", "specs")
    assert (done.code, done.errors) == (1, ["specs:1:1: IOT001 this is a folder, not a spec"])


def test_warnings_fail_only_a_strict_check(run: Run, project: Path) -> None:
    _spec(project, SPEC.replace("source: handlers/f", "source: handlers/f, timeout: 29"))
    done = run("check")
    assert (done.code, done.errors) == (0, [])
    assert "IOT340 warning: `f` may run for 29 s" in done.err
    assert run("check", "--strict").code == 1


def test_a_spec_with_errors_is_one_error_in_json(run: Run, project: Path) -> None:
    _spec(project, SPEC.replace("{t: read}", "{t: raed}"))
    done = run("show", "t", "--format", "json")
    error = json.loads(done.out)["error"]
    assert (done.code, done.err, error["exit_code"]) == (1, "", 1)
    assert error["message"].startswith("the spec has 1 error")
    assert [problem["code"] for problem in error["problems"]] == ["IOT104"]


def test_problems_as_json(run: Run, project: Path) -> None:
    _spec(project, SPEC.replace("{t: read}", "{t: raed}"))
    done = run("check", "--format", "json")
    assert (done.code, done.err) == (1, "")
    assert {
        "file": "specs/pipeline.yaml",
        "line": 5,
        "column": 48,
        "code": "IOT104",
        "severity": "error",
        "message": '`t` cannot be "raed"; did you mean `read`?',
        "path": "/functions/f/access/tables/t",
        "hint": "",
    } in json.loads(done.out)


def test_problems_as_sarif(run: Run, project: Path) -> None:
    _spec(project, SPEC.replace("{t: read}", "{t: raed}"))
    done = run("check", "--format", "sarif")
    assert (done.code, done.err) == (1, "")
    results = json.loads(done.out)["runs"][0]["results"]
    assert [result["ruleId"] for result in results if result["level"] == "error"] == ["IOT104"]


@pytest.mark.parametrize("suffix", ["", "Prod", "a_b", "-a", "a-", "x" * 21, "ä", "dev\n", "${x}"])
@pytest.mark.parametrize("command", ["check", "render"])
def test_a_suffix_that_aws_would_refuse(run: Run, project: Path, command: str, suffix: str) -> None:
    done = run(command, "--suffix", suffix)
    assert done.code == 2
    message = " ".join(done.err.split())
    assert "cannot be the suffix of names on AWS: use at most 20 small letters, digits and dashes" in message
    assert not (project / "out").exists()


def test_a_suffix_from_the_environment(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT_SUFFIX", "stage")
    assert run("render").code == 0
    assert (project / "out/stage/main.tf.json").exists()
    monkeypatch.setenv("ENVIRONMENT_SUFFIX", "Stage")
    assert run("render").code == 2


@pytest.mark.parametrize(
    "arguments",
    [("nothing",), ("check", "--nothing"), ("check", "a", "b"), ("check", "--format", "xml"), ("plan", "--target", "moon"), ("local",)],
)  # fmt: skip
def test_a_command_line_at_fault(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).code == 2


def test_an_output_folder_that_cannot_be_written(run: Run, project: Path) -> None:
    (project / "file").write_text("")
    done = run("render", "--out", "file/out")
    assert done.code == 1
    assert done.err.splitlines() == [
        "error: cannot write file/out: not a directory",
        "    Choose a folder that you can write to with `--out`.",
    ]


def test_a_file_for_an_output_folder(run: Run, project: Path) -> None:
    (project / "file").write_text("")
    assert run("render", "--out", "file").code == 2


@pytest.mark.parametrize("command", ["plan", "apply", "destroy", "output"])
def test_a_terraform_that_is_not_there(run: Run, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    run("render")
    done = run(command, "--terraform", "/no/terraform")
    assert done.code == 2
    assert done.err.splitlines()[-2].startswith(
        "error: --terraform names /no/terraform, which is not an exec"
    )


@pytest.mark.parametrize("command", ["plan", "apply", "destroy"])
def test_no_credentials(run: Run, command: str) -> None:
    done = run(command)
    assert done.code == 3
    assert done.err.splitlines()[-2].startswith("error: there are no AWS credentials")
    assert done.err.splitlines()[-1].startswith("    ")


@pytest.mark.parametrize("command", ["output", "query device"])
def test_nothing_is_rendered(run: Run, command: str) -> None:
    done = run(*command.split())
    assert done.code == 1
    assert done.err.splitlines() == [
        "error: nothing is rendered in out/dev",
        "    Run `iotgen render`, or choose another folder with `--suffix` and `--out`.",
    ]


def test_a_body_that_is_not_there(run: Run) -> None:
    done = run("send", "@reading.json")
    assert done.code == 1
    assert done.err.splitlines()[0] == "error: cannot read reading.json: no such file or directory"


def test_a_body_without_an_end(run: Run) -> None:
    done = run("send", "@/dev/zero")
    assert (done.code, done.err) == (
        1,
        "error: /dev/zero has more than 10,000,000 bytes\n    Split the readings: API Gateway accepts 10 MB.\n",
    )


def test_init(run: Run, project: Path) -> None:
    done = run("init", "demo")
    assert done.code == 0
    assert "demo/specs/pipeline.yaml" in done.out.splitlines()
    assert "cd demo && " in done.err
    again = run("init", "demo")
    assert again.code == 1
    assert again.err.splitlines()[0] == "error: demo/specs already exists"


def test_the_schema(run: Run) -> None:
    assert json.loads(run("schema").out) == schema()


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    found: list[tuple[tuple[str, ...], click.Command]] = []
    for name, command in group.commands.items():
        found.append(((*path, name), command))
        if isinstance(command, click.Group):
            found += _commands(command, (*path, name))
    return found


@pytest.mark.parametrize(
    ("path", "command"), [pytest.param(path, command, id=" ".join(path)) for path, command in _commands(cli)]
)
def test_every_command_says_what_it_is_for(run: Run, path: tuple[str, ...], command: click.Command) -> None:
    assert command.help
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help and not option.show_default] == []
    done = run(*path, "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Usage: iotgen " + " ".join(path))


def test_all_commands_of_the_contract_are_there() -> None:
    assert {" ".join(path) for path, _ in _commands(cli)} >= {
        "init", "check", "render", "plan", "apply", "destroy", "output", "local up", "local down",
        "local status", "send", "query", "schema",
    }  # fmt: skip


def test_help_says_where_the_documentation_is(run: Run) -> None:
    for arguments in (("--help",), ("local", "--help")):
        told = "".join(run(*arguments).out.split("Documentation:")[1].split())
        assert (Path(told) / "spec.md").is_file()


HEAVY = ("boto3", "botocore", "jsonschema", "jinja2", "yaml", "rich", "python_terraform", "requests")


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; sys.argv = ['iotgen', '--help']\n"
        "from iotgen.cli import main\n"
        "try: main()\n"
        f"finally: print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stderr == "[]\n"


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "iotgen", "--version"], check=True, capture_output=True, text=True
    )
    assert done.stdout.startswith("iotgen, version ")
