"""Alarms that a spec declares, and thresholds of single resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iotgen.model.alarm import Alarm
from iotgen.show.conditions import condition

if TYPE_CHECKING:
    from tests.conftest import Compile

HEAD = (
    "version: 1\npipeline: p\n"
    "functions: {f: {source: h}, g: {source: h, alarms: {errors: 1, throttles: false}}}\n"
)


def _alarms(compile_spec: Compile, more: str = "") -> dict[str, Alarm]:
    return {alarm.key: alarm for alarm in compile_spec(HEAD + more).model.all(Alarm)}


def test_a_resource_has_thresholds_of_its_own(compile_spec: Compile) -> None:
    alarms = _alarms(compile_spec, "alarms: {functions: {errors: 7}}\n")
    assert (alarms["f-errors"].threshold, alarms["g-errors"].threshold) == (7, 1)
    assert "f-throttles" in alarms
    assert "g-throttles" not in alarms


def test_false_is_for_all_of_a_resource(compile_spec: Compile) -> None:
    with_alarms = _alarms(compile_spec, "queues: {q: {}}\n")
    without = _alarms(compile_spec, "queues: {q: {alarms: false}}\n")
    assert {key for key in with_alarms if key.startswith("q-")} == {"q-age", "q-dlq", "q-dlq-expiring"}
    assert not {key for key in without if key.startswith("q-")}


def test_the_conditions_in_words(compile_spec: Compile) -> None:
    metrics = (
        "alarms:\n  metrics:\n"
        "    a: {namespace: X, metric: M, statistic: p99, comparison: '>', threshold: 0, periods: 3, "
        "period: 60}\n"
        "    b: {function: f, pattern: ERROR, no_data: 20}\n"
    )
    alarms = _alarms(compile_spec, metrics)
    assert condition(alarms["a"]) == "p99 > 0 in 1 min, 3 times in a row"
    assert condition(alarms["b"]) == "SampleCount < 1 in 20 min"
    assert (alarms["b"].watches, alarms["b"].missing_data) == (("functions", "f"), "breaching")


def test_what_excludes_each_other_is_said_at_its_place(compile_spec: Compile) -> None:
    said = compile_spec(
        HEAD + "alarms:\n  metrics:\n"
        "    a: {function: f, pattern: ERROR, metric: M, threshold: 1}\n"
        "    b: {function: f, metric: M}\n"
        "    c: {metric: M, threshold: 1}\n"
        "    d: {function: f, metric: M, threshold: 1, no_data: 5}\n"
        "    e: {function: f, metric: M, threshold: 0}\n"
        "    g: {namespace: A, metric: M, threshold: 1, statistic: p101}\n"
    ).said
    assert [line for line in said.splitlines() if line.startswith("spec")] == [
        "spec.yaml:6:46: IOT104 `metric` cannot stand beside `pattern`, whose metric iotgen names",
        "spec.yaml:7:5: IOT103 `b` needs `threshold`",
        "spec.yaml:8:5: IOT103 `c` needs `function`",
        "spec.yaml:9:44: IOT104 `threshold` cannot stand beside `no_data`: declare another alarm",
        "spec.yaml:10:44: IOT104 `threshold` must be more than 0",
        'spec.yaml:11:59: IOT104 `statistic` cannot be "p101": use Sum, Average, Minimum, Maximum, '
        "SampleCount, or a percentile such as p99",
    ]
