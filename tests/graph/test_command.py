"""`iotgen graph` as a user meets it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from iotgen.cli import cli
from tests.voice import is_hint, is_message

pytestmark = pytest.mark.system

REPO = Path(__file__).parent.parent.parent
SPEC = "version: 1\npipeline: small\nqueues: {jobs: {}}\n"


def run(*arguments: str, folder: Path = REPO, hidden: str = "") -> subprocess.CompletedProcess[str]:
    """`iotgen graph`, in a process that cannot import the module `hidden`."""
    hide = f"import sys; sys.modules.update(dict.fromkeys({hidden.split()!r}))"
    code = f"{hide}; from iotgen.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, "graph", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_picture_goes_to_standard_output_and_nothing_else_does() -> None:
    done = run("specs/s3-events.yaml", "--suffix", "prod")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (REPO / "tests/graph/expected/s3-events.svg").read_text(encoding="utf-8")


def test_the_picture_goes_to_a_file(tmp_path: Path) -> None:
    file = tmp_path / "picture.mmd"
    done = run("--format", "mermaid", "--output", str(file))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert file.read_bytes() == (REPO / "tests/graph/expected/pipeline.mmd").read_bytes()


def test_a_file_that_cannot_be_written_is_one_message(tmp_path: Path) -> None:
    done = run("--output", str(tmp_path / "none/picture.svg"))
    assert done.returncode == 1
    assert done.stderr.count("error:") == 1
    assert "Traceback" not in done.stderr


def test_a_spec_with_errors_is_not_drawn(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text("version: 1\npipeline: p\nqueues: {jobs: {max_recieves: 3}}\n")
    done = run("spec.yaml", "--format", "json", folder=tmp_path)
    assert done.returncode == 1
    assert [problem["code"] for problem in json.loads(done.stdout)["error"]["problems"]] == ["IOT101"]


@pytest.mark.parametrize("form", ["mermaid", "json"])
def test_what_has_no_layout_needs_no_graphviz(form: str) -> None:
    done = run("--format", form, hidden="pygraphviz")
    assert (done.returncode, done.stderr) == (0, "")


def test_without_graphviz_the_way_to_get_it_is_said() -> None:
    done = run(hidden="pygraphviz")
    assert done.returncode == 2
    message, hint = done.stderr.splitlines()
    assert message == "error: the layout needs Graphviz, which is not installed"
    assert (
        hint.strip() == "Run `pip install 'iotgen[graph]'`, or use `--format mermaid`, which needs no layout."
    )
    assert is_message(message.removeprefix("error: "))
    assert is_hint(hint.strip())


def test_a_page_tells_of_each_resource_what_show_prints() -> None:
    done = run("--format", "html", "--suffix", "prod")
    assert (done.returncode, done.stderr) == (0, "")
    data = json.loads(done.stdout.partition('id="data">')[2].partition("</script>")[0])
    number = data["labels"].index("function data-processor")
    settings = {row[0]: row[1:] for row in data["about"][str(number)]["sections"][0]["rows"]}
    assert settings["memory"] == ["512", "line 99, environments.prod.defaults.function"]
    told = {data["labels"][int(number)] for number in data["about"]}
    assert {label for label in data["labels"] if label not in told} == {
        "callers Callers",
        "alarms 39 alarms",
        "subscriber ops@example.com",
    }


def test_the_help_says_what_is_drawn() -> None:
    assert "permissions" in (cli.commands["graph"].help or "")


def test_a_pipeline_without_anything_is_drawn(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text("version: 1\npipeline: p\n")
    for form in ("svg", "mermaid", "json"):
        done = run("spec.yaml", "--format", form, folder=tmp_path)
        assert (done.returncode, done.stderr) == (0, ""), form
