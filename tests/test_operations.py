"""docs/operations.md and docs/cost.md name the alarms of the reference pipelines, all and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from readings.invocation import METRICS

from iotgen import project
from iotgen.kinds.deliveries import Delivery
from iotgen.kinds.endpoints import Api
from iotgen.kinds.events import Event
from iotgen.kinds.functions import Function
from iotgen.kinds.parameters import Parameter
from iotgen.kinds.queues import Queue
from iotgen.kinds.rules import Rule
from iotgen.kinds.streams import Stream
from iotgen.kinds.tables import Table
from iotgen.kinds.topics import Topic
from iotgen.kinds.workflows import Workflow
from iotgen.model.alarm import Alarm

if TYPE_CHECKING:
    from iotgen.model.pipeline import Pipeline
    from tests.conftest import Compile

REPO = Path(__file__).parent.parent
OPERATIONS = (REPO / "docs/operations.md").read_text(encoding="utf-8")
COST = (REPO / "docs/cost.md").read_text(encoding="utf-8")
SPECS = ("specs/pipeline.yaml", "specs/s3-events.yaml", "specs/mqtt.yaml")
# Kinds that the reference pipelines do not have.
OTHERS = (
    "tests/golden/streams/spec.yaml",
    "tests/golden/triggers/spec.yaml",
    "tests/golden/delivery/spec.yaml",
    "tests/golden/iot/spec.yaml",
    "tests/golden/workflow/spec.yaml",
    "tests/golden/events/spec.yaml",
)


def rows() -> Iterator[tuple[str, str]]:
    """Each alarm of the table, with its metric."""
    table = OPERATIONS.partition("## Alarms")[2].partition("\n## ")[0]
    for names, metric in re.findall(r"^\| (`.*?) \| `([\w.]+)` \|", table, re.MULTILINE):
        yield from ((name, metric) for name in re.findall(r"`([^`]+)`", names))


def is_named(pipeline: Pipeline, alarm: Alarm, name: str) -> bool:
    """Whether `name`, such as `<queue>-age`, is that of the alarm."""
    if not name.startswith("<"):
        return name == alarm.key
    kind, _, ending = name.removeprefix("<").partition(">")
    resources = {
        "function": pipeline.all(Function),
        "table": pipeline.all(Table),
        "queue": pipeline.all(Queue),
        "topic": pipeline.all(Topic),
        "stream": pipeline.all(Stream),
        "delivery": pipeline.all(Delivery),
        "rule": pipeline.all(Rule),
        "event": pipeline.all(Event),
        "workflow": pipeline.all(Workflow),
        "api": pipeline.all(Api),
    }[kind]
    return any(alarm.key == f"{resource.key}{ending}" for resource in resources)


def in_production(compile_spec: Compile, spec: str) -> Pipeline:
    """A reference pipeline with the alarms that it has in production only."""
    text = (REPO / spec).read_text(encoding="utf-8")
    sources = project.read_sources(REPO, compile_spec(text, "prod").document.data)
    return compile_spec(text, "prod", sources).model


@pytest.fixture(scope="module", params=SPECS)
def pipeline(request: pytest.FixtureRequest, compile_spec: Compile) -> Pipeline:
    return in_production(compile_spec, request.param)


def test_every_alarm_has_its_line_with_its_metric(pipeline: Pipeline) -> None:
    for alarm in pipeline.all(Alarm):
        assert [metric for name, metric in rows() if is_named(pipeline, alarm, name)] == [alarm.metric], (
            alarm.key
        )


def test_every_line_is_of_an_alarm(compile_spec: Compile) -> None:
    others = [compile_spec((REPO / spec).read_text(encoding="utf-8")).pipeline for spec in OTHERS]
    pipelines = [*(in_production(compile_spec, spec) for spec in SPECS), *filter(None, others)]
    known = [
        name
        for name, _ in rows()
        if any(is_named(found, alarm, name) for found in pipelines for alarm in found.all(Alarm))
    ]
    assert [name for name, _ in rows()] == known


def test_functions_publish_what_alarms_watch(pipeline: Pipeline) -> None:
    own = {alarm.metric for alarm in pipeline.all(Alarm) if not alarm.namespace.startswith("AWS/")}
    assert own <= set(METRICS.values())


def test_every_function_with_a_configuration_has_an_alarm_on_it(pipeline: Pipeline) -> None:
    secure = {parameter.key for parameter in pipeline.all(Parameter) if parameter.secure}
    reading = {
        function.key
        for function in pipeline.all(Function)
        for grant in function.grants
        if grant.section == "parameters" and grant.key not in secure
    }
    watched = {
        alarm.dimensions["service"]
        for alarm in pipeline.all(Alarm)
        if alarm.metric == METRICS["config_errors"]
    }
    assert reading
    assert watched == reading


def test_the_cost_of_alarms_is_that_of_their_number(pipeline: Pipeline) -> None:
    cost = (
        f"`{pipeline.name}` has {len(pipeline.all(Alarm))} in production, {len(pipeline.all(Alarm)) / 10:.2f}"
    )
    assert cost in " ".join(COST.split())
