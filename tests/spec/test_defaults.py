"""Defaults: the schema alone says what they are, and what a spec writes goes before them."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from iotgen.kinds import KINDS
from iotgen.resolve import resolve
from iotgen.spec.defaults import fill, written_at
from iotgen.spec.load import load
from iotgen.spec.schema import schema
from tests.conftest import everything, least

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iotgen.model.pipeline import Pipeline
    from iotgen.problem import Path

# One of everything, with no more than it must have; and a trigger, which has defaults too.
OTHERS = [
    {"dead_letters": "x"},
    {"stream": "x"},
    {"table": "x"},
    {"topic": "x", "filter": {"kind": ["a"]}},
    {"schedule": "rate(1 day)"},
    {"log_group": "/x"},
]
TRIGGER = {"queue": "x", "max_concurrency": 2}
SPEC = {
    "version": 1,
    "pipeline": "p",
    **{kind.section: {"x": least(kind.section)} for kind in KINDS if kind.referred},
    "buckets": {
        "x": {"cors": {"origins": ["*"]}, "access_logs": {"bucket": "x"}, "public": "read", "website": {}}
    },
    "deliveries": {
        "x": {"bucket": "x", "transform": "x", "transform_buffer": {}, "columns": {"y": "string"}}
    },
    "queues": {"x": {"accept": [{"account": "123456789012"}]}},
    "topics": {
        "x": {
            "accept": [{"account": "123456789012"}],
            "subscriptions": [{"https": "https://example.com"}, {"queue": "x"}, {"delivery": "x"}],
        }
    },
    "tables": {"x": least("tables") | {"indexes": {"by-y": {"partition_key": {"y": "string"}}}}},
    "rules": {
        "x": least("rules") | {"to": [{"queue": "x"}, {"topic": "x"}, {"stream": "x"}, {"republish": "y"}]}
    },
    "events": {
        "x": {"schedule": "rate(1 day)", "to": [{"queue": "x"}]},
        "y": {"pattern": {"source": ["y"]}, "to": [{"queue": "x"}]},
    },
    "functions": {
        "x": least("functions")
        | {"log_destinations": {"y": {"arn": "arn:aws:logs:us-east-1:123456789012:destination:y"}}}
        | {"url": {"cors": {"origins": ["https://example.com"]}}}
        | {"async": {"on_failure": {"queue": "x"}}}
        | {"reserved_concurrency": 1000, "triggers": [TRIGGER, *OTHERS]}
    },
    "workflows": {"x": least("workflows") | {"triggers": [{"schedule": "rate(1 day)"}]}},
    "metrics": {"x": {"function": "x", "pattern": "ERROR"}},
    "alarms": {
        "metrics": {
            "x": {"function": "x", "pattern": "ERROR", "threshold": 1},
            "y": {"expression": "m", "of": {"m": {"function": "x", "metric": "M"}}, "threshold": 1},
        }
    },
    "api": {
        "cors": {"origins": ["https://ui.example.com"]},
        "domain": {
            "name": "api.example.org",
            "certificate": f"arn:aws:acm:us-east-1:123456789012:certificate/{'1' * 36}",
        },
    },
    "roles": {
        "x": {
            "assumed_by": [{"oidc": "arn:aws:iam::{account}:oidc-provider/example.com", "subject": "a"}],
            "access": {},
        }
    },
    "endpoints": {
        "/a": {"method": "POST", "function": "x"},
        "/b": {"method": "POST", "function": "x", "auth": {"function": "x"}},
    },
}


def _defaults(node: Any, path: Path = ()) -> Iterator[Path]:
    """Where the schema has a default that is more than an empty list or mapping."""
    if isinstance(node, dict):
        if "description" in node and not isinstance(node.get("default", {}), dict | list):
            yield path
        for key, inner in node.items():
            yield from _defaults(inner, (*path, key))
    elif isinstance(node, list):
        for index, inner in enumerate(node):
            yield from _defaults(inner, (*path, index))


def _at(node: Any, path: Path) -> Any:
    for step in path:
        node = node[step]
    return node


def _changed(node: Any, path: Path, value: Any) -> Any:
    """A copy with another value at the path, which shares all the rest with the original."""
    if not path:
        return value
    step, *rest = path
    copied = node.copy()
    copied[step] = _changed(node[step], tuple(rest), value)
    return copied


_OTHERS = {
    "us-east-1": "eu-west-1",
    "handler.handler": "other.run",
    "v1": "v2",
    "all": "keys",
    "iam": "none",
    "Sum": "Maximum",
    "${topic()}": "${topic(2)}",
    "{bucket}/": "logs/",
    "header.Authorization": "header.X-Token",
    "": "readings",
    "{pipeline}-{suffix}": "acme",
    "send": "receive",
    "sts.amazonaws.com": "acme",
    "publish": "subscribe",
    "UTC": "Europe/Berlin",
    "anywhere": {"addresses": ["203.0.113.0/24"]},
    "index.html": "home.html",
}


def _other(node: dict[str, Any]) -> Any:
    """Another value that a setting can have."""
    match node["default"]:
        case bool(value):
            return not value
        case int(value):
            return next(other for other in node.get("enum", [value + 1]) if other != value)
        case str(value) if "enum" in node:
            return next(other for other in node["enum"] if other != value)
        case value:
            return _OTHERS[value]


def _model(of: dict[str, Any]) -> Pipeline:
    document, problems = load(json.dumps(SPEC), "spec.yaml")
    pipeline, unresolved = resolve(document, fill(document.data, of), "dev", everything(SPEC), document.data)
    assert (*problems, *unresolved) == ()
    return pipeline


@cache
def _as_it_is() -> Pipeline:
    return _model(schema())


@pytest.mark.parametrize("path", [*_defaults(schema())], ids=lambda path: "/".join(map(str, path)))
def test_a_default_of_the_schema_is_that_of_the_model(path: Path) -> None:
    other = _changed(schema(), (*path, "default"), _other(_at(schema(), path)))
    assert _model(other) != _as_it_is()


def test_the_schema_has_defaults_to_try() -> None:
    assert len([*_defaults(schema())]) >= 31


def test_what_a_resource_says_goes_before_what_its_kind_starts_from() -> None:
    functions = {"f": {"source": "h", "memory": 512}, "g": {"source": "h"}}
    shared = {"memory": 1024, "runtime": "python3.12"}
    filled = fill({"defaults": {"function": shared}, "functions": functions}, schema())["functions"]
    assert [filled[key]["memory"] for key in "fg"] == [512, 1024]
    assert [filled[key]["runtime"] for key in "fg"] == ["python3.12", "python3.12"]
    assert filled["f"]["timeout"] == schema()["$defs"]["timeout"]["default"]


def test_what_is_filled_in_belongs_to_one_resource_only() -> None:
    filled = fill({"functions": {"f": {"source": "h"}, "g": {"source": "h"}}}, schema())["functions"]
    filled["f"]["layers"].append("one")
    assert filled["g"]["layers"] == []


def test_the_data_that_are_filled_stay_as_they_were() -> None:
    data = {"functions": {"f": {"source": "h", "triggers": [{"queue": "q"}]}}}
    before = copy.deepcopy(data)
    fill(data, schema())
    assert data == before


def test_access_for_all_functions_is_added_to_that_of_each() -> None:
    shared = {
        "tables": {"config": "get", "rows": "get"},
        "allow": [{"actions": "a:B", "resources": "*"}],
        "policies": ["P"],
    }
    functions = {
        "plain": {},
        "own": {
            "access": {
                "tables": {"rows": ["get", "put"], "others": "get"},
                "queues": {"jobs": "send"},
                "policies": ["Q"],
            }
        },
    }
    data = {"defaults": {"function": {"access": shared}}, "functions": functions}
    filled = fill(data, schema())["functions"]
    assert filled["plain"]["access"] == shared
    assert filled["own"]["access"] == {
        "tables": {"config": "get", "rows": ["get", "put"], "others": "get"},
        "queues": {"jobs": "send"},
        "allow": shared["allow"],
        "policies": ["Q", "P"],
    }


def test_a_value_that_comes_from_the_defaults_has_its_place_there() -> None:
    data = {
        "defaults": {"function": {"access": {"tables": {"t": "get"}, "policies": ["P"]}, "layers": ["l"]}},
        "functions": {"f": {"access": {"tables": {"u": "get"}, "policies": ["Q"]}}},
    }
    shared, own = ("defaults", "function"), ("functions", "f")
    places: dict[Path, Path] = {
        ("access", "tables", "t"): shared,
        ("access", "tables", "u"): own,
        ("access", "policies", 0): own,
        ("layers", 0): shared,
    }
    for path, place in places.items():
        assert written_at(data, (*own, *path), schema()) == (*place, *path)
    assert written_at(data, (*own, "access", "policies", 1), schema()) == (*shared, "access", "policies", 0)
    assert written_at(data, (*own, "timeout"), schema()) is None
