"""What an override of a template has to make whatever else it does."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from iotgen import project
from iotgen.render import provider
from iotgen.render.conform import faults
from iotgen.render.demands import ALL, ANY, DEMANDS, Demand
from iotgen.render.engine import Engine
from iotgen.render.render import renderings
from iotgen.render.unmet import unmet
from tests.conftest import REPO, compile_spec, hashes

if TYPE_CHECKING:
    from collections.abc import Mapping

SPECS = ("specs/pipeline.yaml", "specs/s3-events.yaml")
# Settings that the reference pipelines do without. Their handlers are nowhere.
FEATURES = ("tests/golden/state/spec.yaml", "tests/golden/guarded/spec.yaml")
IDS = [f"{demand.template}-{demand.type}-{demand.path}" for demand in DEMANDS]


@cache
def built_in() -> tuple[tuple[str, dict[str, Any]], ...]:
    """Each template's name and what it makes, for all that can be in a pipeline."""
    engine = Engine(project.built_in_templates().get)
    found = []
    for spec in (*SPECS, *FEATURES):
        text = (REPO / spec).read_text(encoding="utf-8")
        sources = project.read_sources(REPO, compile_spec(text).document.data) if spec in SPECS else None
        pipeline = compile_spec(text, sources=sources).model
        for one in renderings(pipeline, hashes(pipeline)):
            holes = {"pipeline": pipeline, "digest": "digest", **one.holes}
            found.append((one.template, engine.render(one.template, holes)))
    return tuple(found)


def address(demand: Demand) -> tuple[str, ...]:
    if demand.type in ("locals", "output", "provider", "terraform", "variable"):
        return (demand.type,)
    if demand.type.startswith("data."):
        return ("data", demand.type.removeprefix("data."))
    return ("resource", demand.type)


def at(document: Any, steps: Iterable[str]) -> Any:
    for step in steps:
        document = document.get(step, {})
    return document


def bodies(demand: Demand) -> Iterator[tuple[dict[str, Any], str]]:
    """Each document of the demand's template, and the label of each resource of its type in that."""
    for template, document in built_in():
        if template == demand.template:
            for label, body in at(document, address(demand)).items():
                if isinstance(body, dict):
                    yield document, label


def without(node: Any, steps: list[str]) -> Any:
    if isinstance(node, list):
        return [without(inner, steps) for inner in node]
    if not isinstance(node, dict) or steps[0] not in node:
        return node
    if len(steps) == 1:
        return {key: value for key, value in node.items() if key != steps[0]}
    return {**node, steps[0]: without(node[steps[0]], steps[1:])}


def changed(node: Any, steps: list[str], value: Any) -> Any:
    if isinstance(node, list):
        return [changed(inner, steps, value) for inner in node]
    if not steps:
        return value
    return {**node, steps[0]: changed(node.get(steps[0], {}), steps[1:], value)}


def mutated(demand: Demand, document: dict[str, Any], label: str, body: Mapping[str, Any]) -> dict[str, Any]:
    result = copy.deepcopy(document)
    at(result, address(demand))[label] = body
    return result


def test_the_built_in_templates_meet_them_and_conform() -> None:
    assert {template for template, _ in built_in()} == {
        name.removesuffix(".tf.json.j2") for name in project.built_in_templates()
    }
    for template, document in built_in():
        assert list(faults(document)) == []
        assert list(unmet(template, document, document)) == []


@pytest.mark.parametrize("demand", DEMANDS, ids=IDS)
def test_what_is_left_out_is_told(demand: Demand) -> None:
    told = []
    for document, label in bodies(demand):
        own = without(at(document, (*address(demand), label)), demand.path.split("."))
        told += list(unmet(demand.template, mutated(demand, document, label, own), document))
    expected = f"this leaves out `{demand.path}` of `{demand.type}`: {demand.why}"
    if demand.implied:
        assert told == []
    else:
        assert expected in {fault.message for fault in told}
        assert {fault.code for fault in told} == {"IOT520"}


@pytest.mark.parametrize(
    "demand", [demand for demand in DEMANDS if demand.value not in (ANY, ALL)], ids=lambda demand: demand.path
)
def test_another_value_is_told(demand: Demand) -> None:
    other = not demand.value if isinstance(demand.value, bool) else "other"
    told = []
    for document, label in bodies(demand):
        body = at(document, (*address(demand), label))
        own = mutated(demand, document, label, changed(body, demand.path.split("."), other))
        told += [(fault, label) for fault in unmet(demand.template, own, document)]
        # Terraform may know better.
        own = mutated(demand, document, label, changed(body, demand.path.split("."), "${var.it}"))
        assert not list(unmet(demand.template, own, document))
    assert told
    for fault, label in told:
        assert "has to be" in fault.message
        assert fault.path == (*address(demand), label, demand.path.split(".")[0])


@pytest.mark.parametrize("demand", [demand for demand in DEMANDS if demand.unless], ids=lambda one: one.path)
def test_what_does_the_same_is_taken(demand: Demand) -> None:
    document, label = next(
        (document, label) for document, label in bodies(demand) if label in document["resource"][demand.type]
    )
    for other in demand.unless:
        own = without(document["resource"][demand.type][label], demand.path.split("."))
        result = mutated(demand, document, label, own)
        if other.startswith("aws_"):
            result["resource"][other] = {label: {}}
        else:
            result["resource"][demand.type][label][other] = "x"
        assert not list(unmet(demand.template, result, document))


def test_a_type_that_is_gone_is_told_once() -> None:
    document = next(document for template, document in built_in() if template == "bucket")
    own = copy.deepcopy(document)
    del own["resource"]["aws_s3_bucket_public_access_block"]
    (fault,) = unmet("bucket", own, document)
    assert fault.message == (
        "this no longer makes the `aws_s3_bucket_public_access_block` of the built-in template: "
        "the bucket could be opened to everyone"
    )


def test_every_demand_is_of_a_known_setting_and_says_where_it_is_from() -> None:
    for demand in DEMANDS:
        first = demand.path.split(".")[0]
        if len(address(demand)) == 2:
            known = provider.settings(*address(demand))
            assert known
            assert first in known or first in ("depends_on", "lifecycle"), demand
        assert demand.source.startswith("https://")
        assert 0 <= demand.rule <= 90
        assert re.match(r"[a-zA-Z].*[^.]$", demand.why)
    assert len({(one.template, one.type, one.path) for one in DEMANDS}) == len(DEMANDS)
