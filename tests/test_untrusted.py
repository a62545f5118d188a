"""A project of anybody's: checking and rendering it runs nothing that it contains."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.system

SPEC = """\
version: 1
pipeline: small
functions:
  f: {source: handlers/f, log_retention_days: 30}
"""
# What Python, click, Jinja and iotgen itself import.
MODULES = ("click", "jinja2", "jsonschema", "json", "yaml", "pip", "sitecustomize", "textwrap", "handler")


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that is the working folder; the file that it returns is there when anything of it ran."""
    ran = tmp_path / "ran"
    here = tmp_path / "project"
    for name in ("specs", "handlers/f", "templates"):
        (here / name).mkdir(parents=True)
    (here / "specs/pipeline.yaml").write_text(SPEC)
    code = f"open({str(ran)!r}, 'a').write(__name__)\n"
    for name in MODULES:
        (here / f"{name}.py").write_text(code)
    (here / "handlers/f/handler.py").write_text(f"{code}\ndef handler(event, context): ...\n")
    monkeypatch.chdir(here)
    return ran


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run([*command], capture_output=True, text=True, env=env, check=False)


@pytest.mark.parametrize("command", ["check", "render"])
def test_modules_in_the_working_folder_do_not_run(trap: Path, command: str) -> None:
    for iotgen in (["-m", "iotgen"], [str(Path(sys.executable).with_name("iotgen"))]):
        done = _run(sys.executable, *iotgen, command)
        assert (done.returncode, trap.exists()) == (0, False), done.stderr


@pytest.mark.parametrize("command", ["check", "render"])
def test_a_projects_own_terraform_does_not_run(trap: Path, command: str) -> None:
    """It runs when somebody plans or applies: then it may do what Terraform can."""
    Path("terraform").mkdir()
    program = json.dumps(["sh", "-c", f"touch {trap}"])
    Path("terraform/mine.tf").write_text(f'data "external" "any" {{\n  program = {program}\n}}\n')
    with Path("specs/pipeline.yaml").open("a") as spec:
        spec.write(
            "overrides: {aws_lambda_function.f: {tags: {a: \"${file('/etc/hostname')} {{ 7 * 7 }}\"}}}\n"
        )
    done = _run(sys.executable, "-m", "iotgen", command)
    assert (done.returncode, trap.exists()) == (0, False), done.stderr
    if command == "render":
        rendered = json.loads(Path("out/dev/functions.tf.json").read_text())
        tags = rendered["resource"]["aws_lambda_function"]["f"]["tags"]
        assert tags == {"a": "${file('/etc/hostname')} {{ 7 * 7 }}"}


@pytest.mark.parametrize("command", ["check", "render"])
def test_a_template_that_is_left_is_not_rendered(trap: Path, command: str) -> None:
    attack = f"{{{{ arn.__globals__['__builtins__'].open({str(trap)!r}, 'w') }}}}"
    Path("templates/function.tf.json.j2").write_text(attack)
    done = _run(sys.executable, "-m", "iotgen", command)
    assert (done.returncode, trap.exists()) == (1, False)
    assert "IOT513" in done.stderr
