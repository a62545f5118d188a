"""Every fault is one for the schema that the pipeline checks readings against."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from jsonschema import Draft4Validator

from iotgen.simulate import faults
from iotgen.simulate.fleet import Fleet, Kind
from iotgen.simulate.options import Shares

SCHEMA = Path(__file__).parents[2] / "handlers/schemas/readings.json"


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _finite(literal: str) -> float:
    if float(literal) == float("inf"):
        raise ValueError(literal)
    return float(literal)


@pytest.fixture(scope="module")
def validator() -> Draft4Validator:
    schema = json.loads(SCHEMA.read_text())
    return Draft4Validator({"definitions": schema["definitions"], "$ref": "#/definitions/reading"})


def test_what_is_malformed_is_no_reading(fleet_of: Callable[..., Fleet], validator: Draft4Validator) -> None:
    fleet = fleet_of(400, Shares(malformed=1))
    seen = set()
    for number in range(400):
        text = fleet.text(number)
        try:
            document = json.loads(text.decode(), parse_constant=_refuse, parse_float=_finite)
        except ValueError:
            assert fleet.is_alone(number)
            seen.add("no JSON")
        else:
            assert not fleet.is_alone(number)
            assert not validator.is_valid(document), text
            seen.add(repr(sorted(document)) if isinstance(document, dict) else repr(document))
    assert len(seen) > 5


def test_all_other_kinds_are_readings(fleet_of: Callable[..., Fleet], validator: Draft4Validator) -> None:
    fleet = fleet_of(200, Shares(late=0.2, out_of_order=0.2, untimed=0.2, future=0.2, duplicate=0.1))
    for number in range(200):
        assert validator.is_valid(json.loads(fleet.text(number))), fleet.text(number)


def test_what_is_no_json_has_no_line_break(fleet_of: Callable[..., Fleet]) -> None:
    fleet = fleet_of(200, Shares(malformed=1))
    assert not any(b"\n" in fleet.text(number) for number in range(200))


def test_oversized_readings_are_too_large_for_every_configuration(fleet_of: Callable[..., Fleet]) -> None:
    config = json.loads((SCHEMA.parent / "config.json").read_text())["properties"]["limits"]["properties"]
    fleet = fleet_of(40, Shares(oversized=1))
    sizes = {fleet.is_alone(number): len(fleet.text(number)) for number in range(40)}
    assert sizes[False] > config["reading_bytes"]["maximum"]
    assert config["body_bytes"]["default"] < sizes[True] < config["body_bytes"]["maximum"]


def test_the_same_random_numbers_make_the_same_fault() -> None:
    document = {"device_id": "d", "sensor_data": {"temperature": 1}}
    made = {faults.malformed(document, Random("seed")) for _ in range(5)}  # noqa: S311
    assert len(made) == 1


def test_a_kind_that_is_faulty_is_told_from_one_that_is_not(fleet_of: Callable[..., Fleet]) -> None:
    fleet = fleet_of(30, Shares(late=0.5))
    assert not any(fleet.is_alone(number) for number in range(30))
    assert fleet.kind(0) in (Kind.NORMAL, Kind.LATE)
