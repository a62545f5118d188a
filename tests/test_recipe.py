"""CONTRIBUTING's recipe for a new kind of resource, followed step by step in a copy of the project."""

import json
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.system

REPO = Path(__file__).parent.parent
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "node_modules", "out", "build")
_BLOCK = re.compile(r"^( *)```\w+ file=(\S+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def steps() -> Iterator[tuple[str, str]]:
    """The file and the text of each block of the recipe."""
    recipe = (
        (REPO / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## A new kind of resource\n")[2]
    )
    for _, file, text in _BLOCK.findall(recipe.partition("\n## ")[0]):
        yield file, textwrap.dedent(text)


def merged(target: Any, patch: Any) -> Any:
    if not isinstance(target, dict) or not isinstance(patch, dict):
        return patch
    return target | {key: merged(target.get(key), value) for key, value in patch.items()}


def apply(project: Path, file: str, text: str) -> None:
    path = project / file
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    elif file.endswith(".json"):
        whole = merged(json.loads(path.read_bytes()), json.loads(text))
        path.write_text(json.dumps(whole, indent=2), encoding="utf-8")
    else:
        insert(path, text)


def insert(path: Path, diff: str) -> None:
    """Put a diff's new lines in front of the one that it shows after them."""
    new = "".join(f"{line[1:]}\n" for line in diff.splitlines() if line.startswith("+"))
    (old,) = [f"{line[1:]}\n" for line in diff.splitlines() if line.startswith(" ")]
    whole = path.read_text(encoding="utf-8")
    assert whole.count(old) == 1, f"{path}: {old}"
    path.write_text(whole.replace(old, new + old), encoding="utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the new kind."""
    copy = tmp_path_factory.mktemp("recipe") / "project"
    shutil.copytree(REPO, copy, ignore=LEFT_OUT)
    for file, text in steps():
        apply(copy, file, text)
    run(copy, "scripts/spec-reference")
    run(copy, "-m", "pytest", "-q", "tests/golden", "-k", "test_a_feature and camera", "--update-golden")
    return copy


def run(project: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=project, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_kind_with_access_an_alarm_and_a_price_takes_seven_files() -> None:
    assert len({file for file, _ in steps()}) <= 7


def test_what_is_forgotten_would_be_said(project: Path) -> None:
    run(
        project,
        "-m",
        "pytest",
        "-q",
        "-m",
        "not system",
        "tests/kinds",
        "tests/spec",
        "tests/usage",
        "tests/checks",
    )


def test_the_kind_is_typed_and_formed(project: Path) -> None:
    run(project, "-m", "mypy", "iotgen/kinds")
    run(project, "-m", "ruff", "check", "iotgen/kinds")
    run(project, "-m", "ruff", "format", "--check", "iotgen/kinds")


def test_a_spec_with_the_new_kind_is_rendered(project: Path) -> None:
    expected = project / "tests/golden/camera/expected"
    role = json.loads((expected / "functions.tf.json").read_bytes())["locals"]["viewer__role"]["Statement"]
    (own,) = [statement for statement in role if statement["Sid"] == "ReadCameraGate"]
    assert own["Action"] == ["kinesisvideo:DescribeStream", "kinesisvideo:GetDataEndpoint"]
    function = json.loads((expected / "functions.tf.json").read_bytes())["resource"]["aws_lambda_function"]
    variables = function["viewer"]["environment"]["variables"]
    assert variables["CAMERA_GATE"] == "${aws_kinesis_video_stream.gate.name}"
    alarms = json.loads((expected / "alarms.tf.json").read_bytes())["resource"]["aws_cloudwatch_metric_alarm"]
    assert {"gate_throttles", "wide_throttles"} <= alarms.keys()
    outputs = json.loads((expected / "outputs.tf.json").read_bytes())["output"]
    assert list(outputs["camera_names"]["value"]) == ["gate", "wide"]


def test_a_mistake_in_the_new_section_is_told_at_its_place(project: Path) -> None:
    spec = project / "specs/mistake.yaml"
    spec.write_text("version: 1\npipeline: p\ncameras: {gate: {retention_hour: 2}}\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "iotgen", "check", "specs/mistake.yaml"],
        cwd=project, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "specs/mistake.yaml:3:18: IOT101" in done.stderr + done.stdout
    assert "retention_hours" in done.stderr + done.stdout
