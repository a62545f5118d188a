"""The dashboard, which a pipeline gets that asks for it."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from iotgen.kinds import KINDS
from iotgen.kinds.dashboard import Dashboard

if TYPE_CHECKING:
    from iotgen.model.pipeline import Pipeline
    from tests.conftest import Compile

SPEC = """
version: 1
pipeline: p
tables: {readings: {partition_key: {id: string}}}
queues: {jobs: {}}
topics: {alerts: {}}
functions: {%s}
endpoints: {/a: {method: GET, function: f0}}
dashboard: true
"""


def compiled(compile_spec: Compile, functions: int = 2) -> Pipeline:
    text = SPEC % ", ".join(f"f{number}: {{source: handlers/f}}" for number in range(functions))
    return compile_spec(text, rules=()).model


def widgets(pipeline: Pipeline, kind: str) -> list[Any]:
    (own,) = pipeline.all(Dashboard)
    return [widget for widget in own.widgets if widget["type"] == kind]


def test_without_the_setting_there_is_none(compile_spec: Compile) -> None:
    text = "version: 1\npipeline: p\n"
    assert compile_spec(text, rules=()).model.all(Dashboard) == ()
    in_one_environment = f"{text}environments: {{prod: {{dashboard: true}}}}\n"
    assert compile_spec(in_one_environment, "dev", rules=()).model.all(Dashboard) == ()
    (own,) = compile_spec(in_one_environment, "prod", rules=()).model.all(Dashboard)
    assert own.name == "p-prod"


def test_each_metric_of_each_resource_is_a_line(compile_spec: Compile) -> None:
    pipeline = compiled(compile_spec)
    lines = {
        tuple(line[:-1]) for graph in widgets(pipeline, "metric") for line in graph["properties"]["metrics"]
    }
    expected = set()
    for kind in KINDS:
        for resource in kind.of(pipeline):
            for metric in kind.status.metrics(resource) if kind.status else ():
                dimensions = (part for pair in metric.dimensions.items() for part in pair)
                expected.add((*metric.of.split(":"), *dimensions))
    assert lines == expected
    titles = [graph["properties"]["title"] for graph in widgets(pipeline, "metric")]
    assert len(set(titles)) == len(titles)
    assert titles[0] == "endpoints: requests"


def test_a_graph_has_a_line_for_each_resource(compile_spec: Compile) -> None:
    (errors,) = [
        graph["properties"]["metrics"]
        for graph in widgets(compiled(compile_spec), "metric")
        if graph["properties"]["title"] == "functions: errors"
    ]
    assert errors == [
        ["AWS/Lambda", "Errors", "FunctionName", f"{key}-dev", {"label": key, "stat": "Sum"}]
        for key in ("f0", "f1")
    ]


def test_the_states_of_all_alarms_are_shown_a_hundred_in_a_widget(compile_spec: Compile) -> None:
    pipeline = compiled(compile_spec, 40)
    shown = [str(alarm) for widget in widgets(pipeline, "alarm") for alarm in widget["properties"]["alarms"]]
    alarms = [resource.name for kind in KINDS if kind.section == "alarms" for resource in kind.of(pipeline)]
    assert [text.rpartition(":")[2] for text in shown] == alarms
    assert [len(widget["properties"]["alarms"]) <= 100 for widget in widgets(pipeline, "alarm")] == [True] * 3


def test_widgets_lie_on_the_page_and_not_on_each_other(compile_spec: Compile) -> None:
    (own,) = compiled(compile_spec, 40).all(Dashboard)
    fields = [
        {
            (x, y)
            for x in range(widget["x"], widget["x"] + widget["width"])
            for y in range(widget["y"], widget["y"] + widget["height"])
        }
        for widget in own.widgets
    ]
    assert all(0 <= x < 24 for field in fields for x, _ in field)
    assert not any(one & other for one, other in combinations(fields, 2))


def test_an_alarm_on_a_metric_has_a_graph_with_its_threshold(compile_spec: Compile) -> None:
    alarms = """
alarms:
  metrics:
    failures: {function: f0, pattern: ERROR, threshold: 3, period: 60}
    backlog:
      {namespace: AWS/SQS, metric: Age, dimensions: {QueueName: "q-{suffix}"}, statistic: p99, threshold: 600}
"""
    text = SPEC % "f0: {source: handlers/f}"
    pipeline = compile_spec(text + alarms, rules=()).model
    graphs = {one["properties"]["title"]: one["properties"] for one in widgets(pipeline, "metric")}
    failures, backlog = graphs["alarms: failures"], graphs["alarms: backlog"]
    assert failures["metrics"] == [["p-dev", "failures", {"label": "failures", "stat": "Sum", "period": 60}]]
    assert failures["annotations"] == {"horizontal": [{"label": ">=", "value": 3}]}
    (line,) = backlog["metrics"]
    assert line == ["AWS/SQS", "Age", "QueueName", "q-dev", {"label": "Age", "stat": "p99", "period": 300}]
