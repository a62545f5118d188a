from typing import Any

import pytest

from iotgen.problem import Finding
from iotgen.spec.document import Document, Place
from iotgen.spec.load import load
from iotgen.spec.overlay import environments, overlay

SPEC = """\
pipeline: p
tables:
  t: {ttl: old, keys: [a, b]}
  u: {ttl: x}
environments:
  prod:
    tables:
      t: {ttl: new}
      v:
        ttl: y
    region: eu-west-1
  qa: {}
"""


def _load(text: str) -> Document:
    document, problems = load(text, "s.yaml")
    assert problems == ()
    return document


def _merged(base: str, patch: str) -> Any:
    document = overlay(_load(f"a: {base}\nenvironments: {{e: {{a: {patch}}}}}\n"), "e")
    assert document.data.pop("environments")
    return document.data


@pytest.mark.parametrize(
    ("base", "patch", "merged"),
    [  # the examples of RFC 7396, below a key
        ("{a: b}", "{a: c}", {"a": {"a": "c"}}),
        ("{a: b}", "{b: c}", {"a": {"a": "b", "b": "c"}}),
        ("{a: b}", "{a: null}", {"a": {}}),
        ("{a: b, b: c}", "{a: null}", {"a": {"b": "c"}}),
        ("{a: [b]}", "{a: c}", {"a": {"a": "c"}}),
        ("{a: c}", "{a: [b]}", {"a": {"a": ["b"]}}),
        ("{a: {b: c}}", "{a: {b: d, c: null}}", {"a": {"a": {"b": "d"}}}),
        ("{a: [{b: c}]}", "{a: [1]}", {"a": {"a": [1]}}),
        ("[a, b]", "[c, d]", {"a": ["c", "d"]}),
        ("{a: b}", "[c]", {"a": ["c"]}),
        ("{a: foo}", "null", {}),
        ("{e: null}", "{a: 1}", {"a": {"e": None, "a": 1}}),
        ("[1, 2]", "{a: b, c: null}", {"a": {"a": "b"}}),
        ("{}", "{a: {bb: {ccc: null}}}", {"a": {"a": {"bb": {}}}}),
    ],
)
def test_a_merge_patch(base: str, patch: str, merged: object) -> None:
    assert _merged(base, patch) == merged


@pytest.mark.parametrize(
    ("base", "patch", "merged"),
    [
        ("{a.b: {x: 1, y: 2}}", "{a.b: {x: null}}", {"a.b": {"y": 2}}),
        ("{a.b: {x: 1}}", "{a.b: {z: null}, c.d: null}", {"a.b": {"x": 1, "z": None}, "c.d": None}),
        ("{a.b: {x: null}}", "{a.b: {x: null}}", {"a.b": {}}),
        ("{a.b: null}", "{a.b: {x: 1}}", {"a.b": {"x": 1}}),
    ],
)
def test_a_null_in_overrides_stays_where_it_removes_nothing(base: str, patch: str, merged: object) -> None:
    text = f"overrides: {base}\nenvironments: {{e: {{overrides: {patch}}}}}\n"
    assert overlay(_load(text), "e").data["overrides"] == merged


def test_overrides_as_a_whole_go_by_null() -> None:
    text = "overrides: {a.b: {x: 1}}\nenvironments: {e: {overrides: null}}\n"
    assert "overrides" not in overlay(_load(text), "e").data


def test_what_is_merged_keeps_the_place_where_it_is_written() -> None:
    document = overlay(_load(SPEC), "prod")
    at = document.place
    assert at(("tables", "t", "ttl")) == Place(8, 16, ("environments", "prod", "tables", "t", "ttl"))
    assert at(("tables", "t", "keys", 1)) == Place(3, 27, ("tables", "t", "keys", 1))
    assert at(("tables", "t"), key=True) == Place(3, 3, ("tables", "t"))
    assert at(("tables", "v"), key=True) == Place(9, 7, ("environments", "prod", "tables", "v"))
    assert at(("tables", "v", "ttl")) == Place(10, 14, ("environments", "prod", "tables", "v", "ttl"))
    assert at(("region",)) == Place(11, 13, ("environments", "prod", "region"))
    assert document.problem(Finding(("region",), "x")).path == "/environments/prod/region"


def test_a_replaced_list_has_no_places_of_the_old_one() -> None:
    document = overlay(_load("a: [{b: 1}, {b: 2}]\nenvironments:\n  e: {a: [{c: 3}]}\n"), "e")
    assert ("a", 1, "b") not in document.values
    assert ("a", 0, "b") not in document.keys
    assert document.place(("a", 0, "c")).line == 3


@pytest.mark.parametrize("environment", ["dev", "qa"])
def test_an_environment_without_differences(environment: str) -> None:
    document = _load(SPEC)
    assert overlay(document, environment).data == document.data


def test_the_document_that_is_merged_over_stays_as_it_was() -> None:
    document = _load(SPEC)
    overlay(document, "prod")
    assert document == _load(SPEC)


@pytest.mark.parametrize("text", ["5", "[a]", "environments: 5", "environments: {prod: 5}", "a: b"])
def test_what_has_no_environments(text: str) -> None:
    document = _load(text)
    assert overlay(document, "prod") == document


def test_the_names_of_the_environments() -> None:
    assert environments(_load(SPEC)) == ("prod", "qa")
    assert environments(_load("environments: 5")) == ()
    assert environments(_load("[a]")) == ()
