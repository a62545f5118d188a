"""Histories: of one seed, always the same; with laws that hold, and a story where one does not."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from iotgen.prove import History, Place, Tally, campaign
from iotgen.prove.kernel import SECOND
from iotgen.prove.report import as_data, history_data, lines, story
from tests.prove.conftest import CampaignOf, SubjectOf

pytestmark = pytest.mark.system
SPECS = ("specs/pipeline.yaml", "specs/s3-events.yaml", "specs/mqtt.yaml")


@pytest.mark.parametrize("spec", SPECS)
def test_laws_hold(spec: str, campaign_of: CampaignOf) -> None:
    count = 5000 if spec == SPECS[0] else 1000
    running = campaign_of(spec)
    tally = running.run(range(count), lambda so_far: not so_far.failed)
    assert not tally.broken
    assert tally.histories == count
    assert next(lines(tally, None, spec, running.places())) == f"{count:,} histories of {spec} hold"
    assert as_data(tally, None, running.places())["ran"] > 500
    # Whatever may go wrong at any call or invocation did.
    assert {"killed", "out_of_memory", "timeout", "lost", "outage", "denied", "hot"} <= tally.met.keys()


@pytest.mark.parametrize("spec", SPECS)
def test_what_becomes_of_a_reading_is_seen_in_calm(spec: str, campaign_of: CampaignOf) -> None:
    tables = {name: place.tables for name, place in campaign_of(spec).places().items()}
    assert (
        tables
        == {
            "specs/pipeline.yaml": {
                "POST /ingest": ("processed-data-dev", "raw-sensor-data-dev"),
                "POST /process": ("processed-data-dev",),
                "queue iot-ingestion": ("processed-data-dev",),
            },
            "specs/s3-events.yaml": {
                "s3://sensor-readings-dev-123456789012-us-east-1/readings/": ("sensor-events-dev",)
            },
            "specs/mqtt.yaml": {
                "rule telemetry": ("processed-data-dev", "raw-sensor-data-dev"),
                "queue iot-ingestion": ("processed-data-dev", "raw-sensor-data-dev"),
            },
        }[spec]
    )


def test_what_must_become_of_a_reading_is_said(campaign_of: CampaignOf) -> None:
    place = Place((), told=False, refuses=False, put_aside=False, buried=True)
    places = {"POST /ingest": campaign_of(SPECS[0]).places()["POST /ingest"], "queue other": place}
    said = [line.strip() for line in lines(Tally(), None, "spec.yaml", places)]
    rows = "a row in processed-data-dev and raw-sensor-data-dev"
    assert f"POST /ingest: {rows}, and people are told of one beyond its threshold" in said
    nothing = "no table has it, so the laws of messages and dead letters are all that was tried"
    assert f"queue other: {nothing}" in said


def test_devices_publish_again_and_what_a_rule_cannot_hand_on_is_redriven(campaign_of: CampaignOf) -> None:
    tally = campaign_of("specs/mqtt.yaml").run(range(200), lambda _: True)
    assert not tally.broken
    assert tally.met["client_lost"]
    assert tally.met["rule_failed"]


def test_a_history_is_the_same_whatever_came_before(subject_of: SubjectOf, campaign_of: CampaignOf) -> None:
    campaign_of(SPECS[0]).told(3)
    with campaign(subject_of(SPECS[0]), 1) as alone:
        assert alone.told(7) == campaign_of(SPECS[0]).told(7)


def test_a_message_that_comes_again_however_often_it_is_deleted_may_be_a_dead_letter(
    campaign_of: CampaignOf,
) -> None:
    told = campaign_of(SPECS[0]).told(73815)
    assert told.met["repeated"] > 5
    assert not told.broken


def test_a_broken_law_is_told_as_a_short_story(subject_of: SubjectOf, campaign_of: CampaignOf) -> None:
    tried = subject_of(SPECS[0])
    slow = tuple(replace(one, timeout=SECOND) for one in tried.shape.functions)
    places = campaign_of(SPECS[0]).places()
    with campaign(replace(tried, shape=replace(tried.shape, functions=slow), places=places), 1) as running:
        tally = running.run(range(100), lambda so_far: not so_far.failed)
        told = running.shortest(tally.broken[0].seed)
        first = running.told(tally.broken[0].seed)
    assert told.broken
    assert sum(map(bool, told.choices)) <= sum(map(bool, first.choices))
    assert list(story(told))[-1].startswith("broken: ")
    assert json.dumps(history_data(told))
    assert any("break a law" in line for line in lines(tally, told, SPECS[0], places))


def _broken_by(subject_of: SubjectOf, campaign_of: CampaignOf, file: str, old: str, new: str) -> History:
    """The first history of the pipeline that breaks a law once a file of it has another text, told."""
    tried = subject_of(SPECS[0])
    text = (tried.root / file).read_text("utf-8")
    assert text.count(old) == 1, "the handlers have changed: plant the fault anew"
    places = campaign_of(SPECS[0]).places()
    with campaign(replace(tried, replaced={file: text.replace(old, new)}, places=places), 1) as running:
        tally = running.run(range(400), lambda so_far: not so_far.failed)
        return running.told(tally.broken[0].seed)


def test_a_story_ends_where_a_reading_replaces_another(
    subject_of: SubjectOf, campaign_of: CampaignOf
) -> None:
    old = 'return f"{self.timestamp:015d}#{self.identity}"'
    new = 'return f"{self.timestamp:015d}"'
    told = _broken_by(subject_of, campaign_of, "handlers/readings/reading.py", old, new)
    assert "is replaced by mark-" in told.broken[0]
    assert "dynamodb." in told.lines[-1].what


def test_people_are_told_in_time(subject_of: SubjectOf, campaign_of: CampaignOf) -> None:
    old = "    invocation.note(messages=len(records), failed_messages=len(back))\n"
    hidden = """\
    url = invocation.services.environment["DEAD_LETTER_QUEUE_IOT_INGESTION"].replace("-dlq", "")
    for one in records:
        if one["messageId"] in back:
            invocation.services.client("sqs").change_message_visibility(
                QueueUrl=url, ReceiptHandle=one["receiptHandle"], VisibilityTimeout=43200
            )
"""
    told = _broken_by(subject_of, campaign_of, "handlers/data_processor/handler.py", old, old + hidden)
    assert any("people were told" in law for law in told.broken)


def test_the_same_seed_gives_the_same_bytes_wherever_it_runs(repo: Path, tmp_path: Path) -> None:
    def told(**elsewhere: str) -> bytes:
        command = [sys.executable, "-m", "iotgen", "prove", "--seed", "335", "--format", "json"]
        done = subprocess.run(
            command, cwd=repo, capture_output=True, check=False, env={**os.environ, **elsewhere}
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert told() == told(TZ="Asia/Tokyo", LC_ALL="C", TMPDIR=str(tmp_path), PYTHONHASHSEED="17")


def test_a_killed_run_leaves_no_process(repo: Path) -> None:
    command = [sys.executable, "-m", "iotgen", "prove", "--time", "10m"]
    with subprocess.Popen(command, cwd=repo, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stderr
        while b"histories" not in (line := running.stderr.readline()):
            assert line, "it ended by itself"
        running.kill()
        running.communicate(timeout=30)  # until the last process that has its streams has ended
