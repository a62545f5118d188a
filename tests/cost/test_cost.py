"""`iotgen cost` as a user meets it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iotgen.cli import main
from iotgen.cost.prices import FILE

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]

SPEC = """\
version: 1
pipeline: p
tables: {t: {partition_key: {id: string}}}
functions:
  f: {source: handlers/f, access: {tables: {t: write}}}
endpoints:
  /in: {method: POST, function: f, body: s.json}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/pipeline.yaml").write_text(SPEC)
    (tmp_path / "s.json").write_text('{"type": "object"}')
    (tmp_path / "handlers/f").mkdir(parents=True)
    (tmp_path / "handlers/f/handler.py").write_text("def handler(event, context): ...\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ENVIRONMENT_SUFFIX", raising=False)
    return tmp_path


@pytest.fixture
def run(
    project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["iotgen", "cost", *arguments])
        with pytest.raises(SystemExit) as exited:
            main()
        printed = capfd.readouterr()
        assert "Traceback" not in printed.err
        return int(exited.value.code or 0), printed.out, printed.err

    return command


def test_a_bill_fits_a_screen_and_says_what_it_rests_on(run: Run) -> None:
    code, out, err = run("--devices", "500", "--every", "5m")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert len(lines) <= 30
    assert max(map(len, lines)) <= 80
    assert lines[0].endswith("storage after 365 days, readings kept for ever")
    assert "  500 devices, a reading every 5 minutes, one in a request" in lines
    assert "  assumed: the calls of f" in lines
    assert any("us-east-1 on 20" in line for line in lines)


def test_the_same_command_prints_the_same(run: Run) -> None:
    assert run("--format", "json") == run("--format", "json")


def test_the_lines_of_the_data_add_up(run: Run) -> None:
    found = json.loads(run("--format", "json")[1])
    assert sum(line["usd"] for line in found["lines"]) == pytest.approx(found["usd"], abs=0.01)
    assert found["assumed"]["load"]["devices"] == 100
    assert found["functions"] == {"f": "assumed"}
    assert found["savings"][0]["usd"] > 0


def test_a_revision_beside_the_working_tree(run: Run, project: Path) -> None:
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "one"]):
        named = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *named, *arguments], cwd=project, check=True)
    more = SPEC.replace("functions:", "alarms: {functions: {errors: 5, duration: false}}\nfunctions:")
    (project / "specs/pipeline.yaml").write_text(
        more.replace("write}", "write}, queues: {q: send}") + "queues: {q: {}}\n"
    )
    code, out, err = run("--diff", "main")
    assert (code, err) == (0, "")
    lines = [line.split() for line in out.splitlines()]
    assert lines[0] == ["main", "working", "tree", "change"]
    [queue] = [line for line in lines if line[:2] == ["queue", "q"]]
    assert queue[2] == "0.00"
    assert queue[3] == queue[4].lstrip("+") != "0.00"
    total = next(line for line in lines if line[0] == "USD")
    assert float(total[4]) - float(total[3]) == pytest.approx(float(total[5]), abs=0.02)
    data = json.loads(run("--diff", "main", "--format", "json")[1])
    assert data["after"]["usd"] > data["before"]["usd"]


def test_a_price_list_of_your_own(run: Run, project: Path) -> None:
    prices = json.loads(FILE.read_bytes())
    prices["region"], prices["date"] = "eu-central-1", "2026-11-01"
    prices["items"]["api.requests"]["tiers"] = [[None, 1.0]]
    (project / "mine.json").write_text(json.dumps(prices))
    found = json.loads(run("--prices", "mine.json", "--format", "json")[1])
    assert found["by_service"]["API Gateway"] == 100 * 30 * 24 * 60
    assert found["assumed"]["prices"] == {"date": "2026-11-01", "region": "eu-central-1"}


def test_a_region_without_prices_is_named(run: Run, project: Path) -> None:
    (project / "specs/pipeline.yaml").write_text(SPEC + "region: eu-west-1\n")
    assert "Prices are those of us-east-1; eu-west-1 has others. See `--prices`." in run()[1]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"items": {}}', '{"items": {"a": 1}, "date": "", "region": ""}', "\xff"]
)
def test_what_is_no_price_list(text: str, run: Run, project: Path) -> None:
    (project / "mine.json").write_bytes(text.encode("latin-1"))
    code, out, err = run("--prices", "mine.json")
    assert (code, out) == (1, "")
    assert err.startswith("error: ")


@pytest.mark.parametrize(
    "arguments",
    [("--every", "0"), ("--every", "soon"), ("--devices", "0"), ("--batch", "-1"), ("--to", "/nowhere")],
)
def test_a_load_that_cannot_be(arguments: tuple[str, ...], run: Run) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "error: " in err.lower()


def test_a_pipeline_that_takes_no_readings_costs_what_is_fixed(run: Run, project: Path) -> None:
    (project / "specs/pipeline.yaml").write_text("version: 1\npipeline: p\n")
    assert run()[1].startswith("0.00 USD a month")


def test_a_capacity_is_paid_for_whether_it_is_used_or_not(run: Run, project: Path) -> None:
    (project / "specs/pipeline.yaml").write_text(
        "version: 1\npipeline: p\ntables:\n  t:\n    partition_key: {id: string}\n"
        "    indexes: {by-day: {partition_key: {day: string}}}\n    capacity: {read: 10, write: 5}\n"
    )
    # 720 hours, for the table and its index.
    expected = 2 * 720 * (10 * 0.00013 + 5 * 0.00065)
    assert re.search(rf"table t +{expected:.2f} ", run()[1])
