"""Values of parameters, held against the schemas that the spec names for them."""

# ruff: noqa: E501 - a case is a line

import json
from pathlib import Path
from typing import Any

import pytest

from iotgen.kinds.parameters.values import value_problems
from iotgen.spec.load import load
from iotgen.spec.overlay import overlay
from iotgen.spec.validate import validate

HEAD = "version: 1\npipeline: p\nparameters:\n  config:\n    schema: c.json\n    value: "
CONFIG = Path(__file__).parent.parent.parent / "handlers/schemas/config.json"


def _reported(schema: str, rest: str, suffix: str = "dev") -> list[str]:
    written, problems = load(HEAD + rest, "s.yaml")
    document, faults = validate(overlay(written, suffix))
    assert not problems
    assert not faults, faults
    reported = value_problems(document, {"c.json": schema})
    return [f"{one.line}:{one.column}: {one.code} {one.message}" for one in sorted(reported)]


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("{thresholds: {temperature: {max: 80}}}", []),
        ("{thhresholds: {}}", ["6:13: IOT101 `thhresholds` is not a setting of `value`; did you mean `thresholds`?"]),
        ("{alerts: {cooldown_secondz: 5}}", ["6:22: IOT101 `cooldown_secondz` is not a setting of `alerts`; did you mean `cooldown_seconds`?"]),
        ("\n      thresholds:\n        heat: {maax: 80}", ["8:16: IOT101 `maax` is not a setting of `heat`; did you mean `max`?"]),
        ("{colour: red}", ["6:13: IOT101 `colour` is not a setting of `value`"]),
        ("{clock: {beyond: refus}}", ["6:29: IOT104 `beyond` cannot be \"refus\"; did you mean `refuse`?"]),
        ("{clock: {max_past_seconds: 1.5}}", ["6:39: IOT102 `max_past_seconds` takes a whole number or null, not 1.5"]),
        ("{limits: {page: 0, readings: many}}", ["6:28: IOT104 `page` must be at least 1", "6:41: IOT102 `readings` takes a whole number, not \"many\""]),
        ("{thresholds: {t: {}}}", ["6:29: IOT104 `t` needs an entry"]),
        ("'{\"thhresholds\": 1}'", ["6:12: IOT101 `thhresholds` is not a setting of `value`; did you mean `thresholds`?"]),
        ("eu", ["6:12: IOT102 `value` takes a mapping (`key: value` lines), not \"eu\""]),
        ("[]", ["6:12: IOT102 `value` takes a mapping (`key: value` lines), not a list"]),
    ],
)  # fmt: skip
def test_the_handlers_configuration(rest: str, expected: list[str]) -> None:
    assert _reported(CONFIG.read_text(encoding="utf-8"), rest + "\n") == expected


def test_an_environments_value_is_checked_in_its_place() -> None:
    rest = "{}\nenvironments:\n  prod:\n    parameters: {config: {value: {limitz: {}}}}\n"
    schema = CONFIG.read_text(encoding="utf-8")
    assert _reported(schema, rest) == []
    expected = "9:35: IOT101 `limitz` is not a setting of `value`; did you mean `limits`?"
    assert _reported(schema, rest, "prod") == [expected]


@pytest.mark.parametrize(
    ("schema", "rest", "expected"),
    [
        ({"additionalProperties": False, "properties": {"a": {}}, "required": ["a"]}, "{aa: 1}", ["6:13: IOT101 `aa` is not a setting of `value`; did you mean `a`?"]),
        ({"additionalProperties": False, "patternProperties": {"^x-": {}}}, "{x-a: 1, y: 2}", ["6:21: IOT101 `y` is not a setting of `value`"]),
        ({"required": ["a"], "title": "Of mine"}, "{}", ["6:5: IOT103 `value` needs `a`"]),
        ({"minItems": 3}, "[1]", ["6:12: IOT104 `value` needs at least 3 entries"]),
        ({"minLength": 3}, "ab", ["6:12: IOT104 `value` must have at least 3 characters"]),
        ({"multipleOf": 5}, "12", ["6:12: IOT104 `value` must be a multiple of 5"]),
        ({"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 0, "exclusiveMinimum": True}, "0", ["6:12: IOT104 `value` must be more than 0"]),
        ({"exclusiveMaximum": 5}, "5", ["6:12: IOT104 `value` must be less than 5"]),
        ({"not": {"type": "string"}}, "ab", ["6:12: IOT104 `value` is a value that its schema excludes"]),
        ({"anyOf": [{"type": "number"}, {"type": "boolean"}]}, "ab", ["6:12: IOT104 `value` cannot be \"ab\": it matches none of the forms that its schema allows"]),
        ({"oneOf": [{"type": "string"}, {}]}, "ab", ["6:12: IOT104 `value` cannot be \"ab\": it matches more than one of the forms that its schema allows"]),
        ({"anyOf": [{"type": "number"}, {"properties": {"a": {"type": "number"}}}]}, "{a: b}", ["6:16: IOT102 `a` takes a number, not \"b\""]),
        ({"contains": {"const": 1}}, "[2]", ["6:12: IOT104 `value` is not valid: [2] does not contain items matching the given schema"]),
        ({"$ref": "elsewhere.json"}, "a", []),
        ({"$ref": "#"}, "a", []),
        ({"type": "objekt"}, "a", []),
        ([], "a", []),
    ],
)  # fmt: skip
def test_whatever_a_schema_says(schema: Any, rest: str, expected: list[str]) -> None:
    assert _reported(json.dumps(schema), rest + "\n") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("3.10", ["6:12: IOT004 the parameter would hold `3.1`, not `3.10` as written"]),
        ("True", ["6:12: IOT004 the parameter would hold `true`, not `True` as written"]),
        ("+5", ["6:12: IOT004 the parameter would hold `5`, not `+5` as written"]),
        ("3.1", []),
        ("12345678901234567890123", []),
        ("'3.10'", []),
        ("[3.10]", []),
        ("{a: True}", []),
    ],
)
def test_a_value_that_would_change(value: str, expected: list[str]) -> None:
    assert _reported("{}", value + "\n") == expected


def test_a_value_that_would_change_in_an_environment() -> None:
    rest = "a\nenvironments: {prod: {parameters: {config: {value: 1.50}}}}\n"
    assert _reported("{}", rest, "prod") == [
        "7:52: IOT004 the parameter would hold `1.5`, not `1.50` as written"
    ]


@pytest.mark.parametrize("text", ["{", "", "[" * 100_000])
def test_a_schema_that_is_none_is_for_its_rule_to_report(text: str) -> None:
    assert _reported(text, "a\n") == []
