"""`iotgen capacity`: the reference pipelines' own handlers, measured, and a load that they carry or not."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from iotgen.prove.load import DEFAULTS, Timing, entry_of, measured
from tests.prove.conftest import CampaignOf, SubjectOf

pytestmark = pytest.mark.system


def _capacity(repo: Path, *arguments: str) -> tuple[int, Any]:
    command = [sys.executable, "-m", "iotgen", "capacity", *arguments, "--format", "json"]
    done = subprocess.run(command, cwd=repo, capture_output=True, check=False)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def _timings(
    spec: str, to: str, readings: int, subject_of: SubjectOf, campaign_of: CampaignOf
) -> dict[str, Timing]:
    from iotgen.cli.environment import sound

    _, pipeline = sound(Path(spec), "dev")
    entry = entry_of(pipeline, subject_of(spec).shape, to)
    return measured(campaign_of(spec), entry, readings, 1, DEFAULTS)


def test_handlers_are_measured_along_the_way_of_a_reading(
    subject_of: SubjectOf, campaign_of: CampaignOf
) -> None:
    found = _timings("specs/pipeline.yaml", "/ingest", 1, subject_of, campaign_of)
    assert list(found) == ["data-ingestion", "data-processor"]
    ingestion, processor = found.values()
    assert ingestion.sends == {"iot-ingestion": 1.0}
    assert ingestion.stores == ("raw-sensor-data",)
    assert processor.stores == ("processed-data",)
    assert processor.sizes == (1, 10, 100)
    # A hundred items are four writes of 25.
    assert processor.calls == {"dynamodb": pytest.approx(4, abs=1)}
    assert found == _timings("specs/pipeline.yaml", "/ingest", 1, subject_of, campaign_of)


@pytest.mark.parametrize(
    ("spec", "to", "stores"),
    [
        ("specs/s3-events.yaml", "sensor-readings", {"event-processor": ("sensor-events",)}),
        ("specs/mqtt.yaml", "telemetry", {"data-processor": ("raw-sensor-data", "processed-data")}),
    ],
)
def test_buckets_and_rules_are_ways_in(
    spec: str, to: str, stores: dict[str, tuple[str, ...]], subject_of: SubjectOf, campaign_of: CampaignOf
) -> None:
    found = _timings(spec, to, 10, subject_of, campaign_of)
    assert {key: one.stores for key, one in found.items()} == stores


def test_the_command_ends_with_1_where_the_load_is_not_carried(repo: Path) -> None:
    code, found = _capacity(repo, "--devices", "10000", "--every", "60s")
    assert (code, found["carried"]) == (0, True)
    assert found["freshness"][1]["p99"] < 10
    # A hundred executions serve a thousand requests a second.
    assert found["most_devices"] == pytest.approx(60_000, rel=0.1)
    code, slow = _capacity(repo, "--devices", "10000", "--every", "60s", "--assume", "dynamodb=2000ms")
    assert (code, slow["carried"]) == (1, False)
    assert slow["first"] == "Lambda: the 100 concurrent executions of data-ingestion"
