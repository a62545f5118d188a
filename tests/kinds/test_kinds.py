"""Each section of the spec has its kind, and each kind all that is said of one: none is forgotten."""

from __future__ import annotations

import json
import re
from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iotgen import project
from iotgen.checks import RULES
from iotgen.cost import read_prices
from iotgen.kinds import KINDS
from iotgen.model.cost import FREE, Scope, Use, nothing
from iotgen.model.kind import AnyKind, Kind
from iotgen.model.trigger import TriggerKind
from iotgen.render.render import renderings
from iotgen.spec.faults import words_of
from iotgen.spec.schema import schema
from iotgen.triggers import TRIGGERS
from tests.conftest import hashes, least

if TYPE_CHECKING:
    from iotgen.model.pipeline import Pipeline
    from tests.conftest import Compile

REPO = Path(__file__).parent.parent.parent
GOLDEN = REPO / "tests/golden"
# What a spec says of the whole, and not of resources of a kind; `api` holds settings of the endpoints' API.
OF_THE_WHOLE = {
    "version",
    "encryption",
    "pipeline",
    "region",
    "tags",
    "permissions_boundary",
    "role_path",
    "state",
    "defaults",
    "overrides",
    "environments",
    "api",
}
PROPERTIES: dict[str, Any] = schema()["properties"]
DEFINITIONS: dict[str, Any] = schema()["$defs"]
# By section, beside what is written as IAM has it.
ACCESS = {
    name: node
    for name, node in DEFINITIONS["access"]["properties"].items()
    if name not in ("allow", "policies")
}
WITH_ACCESS = [kind for kind in KINDS if kind.access]
# What exists already stands in the sections of the other kinds.
OF_SECTIONS = [kind for kind in KINDS if kind.section not in ("outside", "wiring", "forwards")]
# Other kinds have resources of these types too.
SHARED = {
    "log_group": "aws_cloudwatch_log_group",
    "log_metric": "aws_cloudwatch_log_metric_filter",
    "role": "aws_iam_role",
}
by_section = pytest.mark.parametrize("kind", OF_SECTIONS, ids=lambda kind: kind.section)


def test_each_section_of_the_schema_has_a_kind_and_each_kind_a_section() -> None:
    assert {kind.section for kind in OF_SECTIONS} == PROPERTIES.keys() - OF_THE_WHOLE


def test_no_part_of_a_kind_can_be_forgotten() -> None:
    """What is left out of a kind is an error of types, and of its own module."""
    for described in (*fields(Kind), *fields(TriggerKind)):
        assert described.default is MISSING, described.name


@pytest.mark.parametrize("part", ["section", "noun", "type", "address"])
def test_no_two_kinds_share_it(part: str) -> None:
    assert len({getattr(kind, part) for kind in KINDS}) == len(KINDS)


def test_keys_can_be_referred_to_where_sections_have_keys() -> None:
    keyed = {
        name for name, node in PROPERTIES.items() if node.get("propertyNames") == {"$ref": "#/$defs/key"}
    }
    assert {kind.section for kind in KINDS if kind.referred} == keyed


def test_the_kinds_that_can_be_renamed_have_the_setting() -> None:
    sections = {
        kind.section: PROPERTIES[kind.section].get("additionalProperties", {}) for kind in OF_SECTIONS
    }
    nodes = {
        section: DEFINITIONS[node["$ref"].rpartition("/")[2]]
        for section, node in sections.items()
        if isinstance(node, dict) and "$ref" in node
    }
    renamable = {kind.section for kind in KINDS if kind.renamable}
    assert renamable == {name for name, node in nodes.items() if "renamed_from" in node.get("properties", {})}


def test_the_kinds_of_which_some_exist_already_have_the_setting() -> None:
    existing = {kind.section for kind in KINDS if kind.existing}
    nodes = {kind.section: DEFINITIONS.get(kind.section.removesuffix("s"), {}) for kind in OF_SECTIONS}
    nodes["keys"], nodes["buses"] = DEFINITIONS["kmsKey"], DEFINITIONS["bus"]
    nodes["log_groups"], nodes["user_pools"] = DEFINITIONS["logGroup"], DEFINITIONS["userPool"]
    assert existing == {name for name, node in nodes.items() if "existing" in node.get("properties", {})}
    # What they send to the pipeline's own is set here, too.
    more = {"topics": "^(existing|kms_key|subscriptions)$", "buckets": "^(existing|kms_key|notify)$"}
    more |= dict.fromkeys(("secrets", "streams", "tables", "queues"), "^(existing|kms_key)$")
    more["parameters"] = "^(existing|secure|kms_key)$"
    for name in existing:
        assert nodes[name]["then"]["patternProperties"].keys() == {more.get(name, "^existing$")}


def test_each_kind_with_access_is_in_the_schema_with_its_verbs() -> None:
    assert {kind.section for kind in WITH_ACCESS} == ACCESS.keys()
    assert all(ACCESS[kind.section]["keysReferTo"] == kind.section for kind in WITH_ACCESS)


@pytest.mark.parametrize("kind", WITH_ACCESS, ids=lambda kind: kind.section)
def test_the_verbs_of_access_are_those_of_the_schema(kind: AnyKind) -> None:
    each = ACCESS[kind.section]["additionalProperties"]
    each = DEFINITIONS[each["$ref"].rpartition("/")[2]] if "$ref" in each else each
    words = each.get("enum") or each.get("properties") or each["then"]["enum"]
    assert kind.access
    assert {part for word in words for part in word.split("-")} == kind.access.verbs.keys()


def test_access_names_the_resources_of_its_kind() -> None:
    for kind in WITH_ACCESS:
        assert kind.access
        assert (kind.access.address, kind.access.noun) == (kind.address, kind.noun)


# The longest key in the environment `dev`: of what AWS allows a name, less what stands beside the key.
LONGEST = {
    "parameters": 1011 - len("-dev"),
    "secrets": 512 - len("-dev"),
    "layers": 140 - len("-dev"),
    "tables": 255 - len("-dev"),
    "queues": 80 - len("-dlq-dev"),
    "streams": 128 - len("-dev"),
    "topics": 256 - len("-dev"),
    "buses": 256 - len("-dev"),
    "buckets": 63 - len("-dev-123456789012-us-east-1"),
    "deliveries": 64 - len("-dev-delivery"),
    "functions": 64 - len("-dev"),
    "workflows": 64 - len("-dev-workflow"),
    "devices": 128 - len("-dev"),
}


@pytest.mark.parametrize("section", LONGEST)
def test_a_name_has_as_many_characters_as_aws_allows(section: str, compile_spec: Compile) -> None:
    (rule,) = [rule for rule in RULES if rule.code == "IOT310"]
    long = "a" * LONGEST[section]
    thresholds = DEFINITIONS["alarms"]["properties"].get(section, {}).get("properties", {})
    alarms = {section: dict.fromkeys(thresholds, False)} if thresholds else {}  # their names are longer
    for key, expected in ((long, []), (f"{long}a", ["IOT310"])):
        spec = {"version": 1, "pipeline": "p", section: {key: least(section)}, "alarms": alarms}
        if section == "deliveries":
            spec["buckets"] = {str(least(section)["bucket"]): {}}
        assert [found.code for found in compile_spec(json.dumps(spec), rules=[rule]).problems] == expected


def test_the_variables_of_access_are_described() -> None:
    for kind in WITH_ACCESS:
        described = ACCESS[kind.section]["description"]
        assert kind.access
        for variable in (kind.access.variable, *(verb.variable for verb in kind.access.verbs.values())):
            assert variable is None or f"{variable.prefix}<KEY>" in described


def test_each_kind_with_alarms_has_thresholds_in_the_schema() -> None:
    settings = DEFINITIONS["alarms"]["properties"]
    thresholds = {name for name, node in settings.items() if "properties" in node}
    # The API is the one resource of the endpoints.
    named = {"api" if kind.section == "endpoints" else kind.section for kind in KINDS if kind.alarms}
    assert named == thresholds


def test_each_kind_of_trigger_has_its_settings_in_the_schema() -> None:
    branches = [DEFINITIONS[f"{kind.word}Trigger"] for kind in TRIGGERS]
    for kind, branch in zip(TRIGGERS, branches, strict=True):
        assert branch["required"][0] == kind.word
        assert branch["properties"][kind.word].get("refersTo") == kind.section
    whole = DEFINITIONS["trigger"]
    assert words_of(whole) == tuple(kind.word for kind in TRIGGERS)
    forms = {one["if"]["required"][0]: one["then"]["$ref"] for one in whole["allOf"]}
    assert forms == {kind.word: f"#/$defs/{kind.word}Trigger" for kind in TRIGGERS}
    titles = {branch["title"] for branch in branches}
    assert titles == {node["title"] for name, node in DEFINITIONS.items() if name.endswith("Trigger")}


def test_each_template_is_of_a_kind_or_a_trigger_and_a_golden_spec_shows_it(
    golden_pipelines: tuple[Pipeline, ...],
) -> None:
    used = {one.template for pipeline in golden_pipelines for one in renderings(pipeline, hashes(pipeline))}
    assert {f"{template}.tf.json.j2" for template in used} == project.built_in_templates().keys()


@cache
def _shown() -> frozenset[str]:
    """The blocks and the types of resources in the golden files."""
    documents = [json.loads(file.read_bytes()) for file in GOLDEN.glob("*/expected/*.tf.json")]
    return frozenset(name for document in documents for name in (*document, *document.get("resource", {})))


@by_section
def test_a_golden_file_shows_what_is_rendered_of_it(kind: AnyKind) -> None:
    assert SHARED.get(kind.address, kind.address) in _shown()


@pytest.mark.parametrize("kind", WITH_ACCESS, ids=lambda kind: kind.section)
def test_each_verb_has_a_cost_unless_the_kind_has_none(kind: AnyKind) -> None:
    assert kind.access
    if kind.costs is not FREE:
        assert kind.costs.calls.keys() == kind.access.verbs.keys()
        assert kind.costs.per_reading.keys() <= kind.access.verbs.keys()


@pytest.fixture(scope="module")
def golden_pipelines(compile_spec: Compile) -> tuple[Pipeline, ...]:
    specs = sorted(GOLDEN.glob("*/spec.yaml"))
    return tuple(
        compile_spec(path.read_text(encoding="utf-8"), own=project.own_terraform(path.parent)).model
        for path in specs
    )


def test_every_trigger_can_be_a_key(golden_pipelines: tuple[Pipeline, ...]) -> None:
    triggers = [
        trigger
        for pipeline in golden_pipelines
        for kind in KINDS
        for resource in kind.of(pipeline)
        for trigger in getattr(resource, "triggers", ())
    ]
    assert {type(trigger) for trigger in triggers} >= {kind.type for kind in TRIGGERS}
    assert all(map(hash, triggers))


@by_section
def test_what_it_charges_has_a_price(kind: AnyKind, golden_pipelines: tuple[Pipeline, ...]) -> None:
    use = Use("path", {"requests": 1})
    charged = {
        charge.item
        for pipeline in golden_pipelines
        for resource in kind.of(pipeline)
        for charge in kind.costs.charges(resource, (use,), Scope(pipeline, 365, None))
    }
    assert charged <= read_prices().items.keys()
    assert bool(charged) == (kind.costs.charges is not nothing)


@by_section
def test_it_is_documented(kind: AnyKind) -> None:
    assert f"## {kind.section}" in (REPO / "docs/spec.md").read_text(encoding="utf-8")
    sections = re.findall(r"^\| `(\w+)`", (REPO / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert kind.section in sections


def test_a_resource_that_nothing_uses_is_told_of_each_kind_that_is_used_somewhere() -> None:
    (rule,) = [rule for rule in RULES if rule.code == "IOT385"]
    assert rule
    assert {kind.section for kind in KINDS if kind.used_in} == {
        kind.section for kind in KINDS if kind.referred
    } - {"functions", "rules", "events", "workflows", "devices", "log_groups", "metrics", "roles"}
