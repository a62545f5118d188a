"""`iotgen show` as a user meets it, for every key of the reference specs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from iotgen.cli import cli
from iotgen.errors import IotgenError

REPO = Path(__file__).parent.parent.parent
EXPECTED = Path(__file__).parent / "expected"
SPECS = ("pipeline", "s3-events")
SHOWN = (
    ("pipeline", "data-processor"),
    ("pipeline", "iot-api"),
    ("pipeline", "config"),
    ("s3-events", "sensor-readings"),
)


def keys(name: str) -> list[str]:
    data = yaml.safe_load((REPO / f"specs/{name}.yaml").read_text(encoding="utf-8"))
    sections = ("parameters", "layers", "tables", "queues", "topics", "buckets", "functions", "endpoints")
    return [key for section in sections for key in data.get(section, {})] + [*data["alarms"]["metrics"]]


def show(monkeypatch: pytest.MonkeyPatch, spec: str, *arguments: str) -> str:
    monkeypatch.chdir(REPO)
    arguments = ("show", *arguments, "--spec", f"specs/{spec}.yaml", "--suffix", "prod")
    return CliRunner().invoke(cli, arguments, catch_exceptions=False).output


@pytest.mark.parametrize(("spec", "key"), SHOWN, ids=str)
def test_what_people_read(
    spec: str, key: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    output = show(monkeypatch, spec, key)
    path = EXPECTED / f"{spec}-{key}.txt"
    if request.config.getoption("--update-golden"):
        path.write_text(output, encoding="utf-8")
    assert output == path.read_text(encoding="utf-8")
    # A single cell, such as a Terraform address, is not cut.
    assert all(len(line) <= 80 for line in output.splitlines() if "  " in line.strip())


@pytest.mark.system
@pytest.mark.parametrize(("spec", "key"), [(spec, key) for spec in SPECS for key in keys(spec)], ids=str)
def test_every_key_can_be_shown(spec: str, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    about = json.loads(show(monkeypatch, spec, key, "--format", "json"))
    assert about["key"] == key
    assert about["environment"] == "prod"
    assert about["names"]
    assert about["settings"]
    assert about["addresses"]
    line = (REPO / about["file"]).read_text(encoding="utf-8").splitlines()[about["line"] - 1]
    assert key in line


@pytest.mark.parametrize(
    "name", ["api", "api/iot-api", "POST /ingest", "endpoint//ingest", "functions/data-query"]
)
def test_other_names_are_understood(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert json.loads(show(monkeypatch, "pipeline", name, "--format", "json"))["addresses"]


def test_the_cost_is_that_of_the_load_given(monkeypatch: pytest.MonkeyPatch) -> None:
    small, large = (
        json.loads(show(monkeypatch, "pipeline", "processed-data", "--format", "json", "--devices", devices))
        for devices in ("100", "1000")
    )
    assert large["cost"]["usd"] == pytest.approx(10 * small["cost"]["usd"], rel=0.01)
    assert large["cost"]["load"] == "1,000 devices, each every 60 s"


def test_an_endpoint_has_the_cost_of_its_whole_path(monkeypatch: pytest.MonkeyPatch) -> None:
    about = json.loads(show(monkeypatch, "pipeline", "POST /ingest", "--format", "json"))
    assert {"API Gateway", "Lambda", "DynamoDB"} <= {name for name, _ in about["cost"]["parts"]}


def test_an_alarm_on_silence_shows_its_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    about = json.loads(show(monkeypatch, "pipeline", "data-ingestion-silence", "--format", "json"))
    (setting,) = about["settings"]
    assert (setting["value"], setting["origin"]["source"]) == (15, "overlay")
    assert about["alarms"][0]["condition"] == "sum < 1 in 15 min"


def raised(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str) -> IotgenError:
    (folder / "f").mkdir(exist_ok=True)
    (folder / "f/handler.py").write_text("def handler(event, context): ...\n")
    (folder / "spec.yaml").write_text(
        "version: 1\npipeline: p\ntables: {work: {partition_key: {id: string}}}\n"
        "functions: {work: {source: f, access: {tables: {work: put}}}}\n"
    )
    monkeypatch.chdir(folder)
    with pytest.raises(IotgenError) as caught:
        CliRunner().invoke(cli, ["show", name, "--spec", "spec.yaml"], catch_exceptions=False)
    return caught.value


def test_a_key_of_two_sections_is_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = raised(monkeypatch, tmp_path, "work")
    assert error.message == "`work` is a table and a function"
    assert error.hint == "Write `table/work` or `function/work`."
    assert error.exit_code == 2


def test_a_misspelt_key_is_suggested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert raised(monkeypatch, tmp_path, "table/wrok").message == (
        "the spec has no `table/wrok`; did you mean `table/work`?"
    )


def test_without_a_suggestion_the_keys_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = raised(monkeypatch, tmp_path, "nothing")
    assert (error.message, error.hint) == ("the spec has no `nothing`", "Use one of: work.")


def test_a_metric_can_be_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "spec.yaml").write_text(
        "version: 1\npipeline: p\nlog_groups: {events: {}}\n"
        "metrics:\n  errors: {log_group: events, pattern: ERROR, namespace: acme}\n"
    )
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli, ["show", "errors", "--spec", "spec.yaml"], catch_exceptions=False)
    assert result.output.startswith("metric errors in dev  spec.yaml:5\n")
    assert "names on AWS\n  metric filter  errors-dev\n" in result.output
