"""Histories: of one seed, always the same; with laws that hold, and a story where one does not."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from iotgen.prove import Simulator
from iotgen.prove.kernel import SECOND
from iotgen.prove.report import history_data, story
from iotgen.prove.shrinking import shortest
from tests.prove.conftest import SubjectOf, simulator

pytestmark = pytest.mark.system
SPECS = ("specs/pipeline.yaml", "specs/s3-events.yaml")
SimulatorOf = Callable[[str], Simulator]


@pytest.mark.parametrize("spec", SPECS)
def test_laws_hold(spec: str, simulator_of: SimulatorOf) -> None:
    broken = [history for seed in range(300) if (history := simulator_of(spec).history(seed)).broken]
    assert not broken, list(story(broken[0]))


@pytest.mark.parametrize("spec", SPECS)
def test_what_becomes_of_a_reading_is_seen_in_calm(spec: str, simulator_of: SimulatorOf) -> None:
    tables = {name: place.tables for name, place in simulator_of(spec).places.items()}
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
        }[spec]
    )


def test_a_history_leaves_nothing_for_the_next(subject_of: SubjectOf, simulator_of: SimulatorOf) -> None:
    alone = simulator(subject_of(SPECS[0])).history(7, told=True)
    simulator_of(SPECS[0]).history(3)
    assert simulator_of(SPECS[0]).history(7, told=True) == alone


def test_its_choices_tell_a_history_again(simulator_of: SimulatorOf) -> None:
    first = simulator_of(SPECS[0]).history(11, told=True)
    again = simulator_of(SPECS[0]).history(0, first.choices, told=True)
    assert replace(again, seed=11) == first


def test_without_choices_nothing_goes_wrong(simulator_of: SimulatorOf) -> None:
    history = simulator_of(SPECS[0]).history(0, ())
    assert (history.broken, history.met, history.requests) == ((), {}, 1)


def test_a_broken_law_is_told_as_a_short_story(subject_of: SubjectOf, simulator_of: SimulatorOf) -> None:
    tried = subject_of(SPECS[0])
    slow = tuple(replace(one, timeout=SECOND) for one in tried.shape.functions)
    wrong = simulator(replace(tried, shape=replace(tried.shape, functions=slow)), simulator_of(SPECS[0]))
    seed = next(seed for seed in range(100) if wrong.history(seed).broken)
    told = shortest(wrong, seed)
    assert told.broken
    assert sum(map(bool, told.choices)) <= sum(map(bool, wrong.history(seed).choices))
    lines = list(story(told))
    assert lines[-1].startswith("broken: ")
    assert json.dumps(history_data(told))


def test_the_same_seed_gives_the_same_bytes_in_any_process(repo: Path) -> None:
    def told() -> bytes:
        command = [sys.executable, "-m", "iotgen", "prove", "--seed", "335", "--format", "json"]
        done = subprocess.run(command, cwd=repo, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert told() == told()
