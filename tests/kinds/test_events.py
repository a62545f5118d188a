"""Events that go straight to resources: what their settings mean, beside what the golden files show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from iotgen.cost import Load, read_measured, traffic
from iotgen.kinds.events import EVENTS, Event, bus_events, scheduled_events
from iotgen.model.alarm import Alarm
from iotgen.model.drawing import Edge
from iotgen.prove.shaping import unknown_events
from tests.conftest import compile_spec

if TYPE_CHECKING:
    from iotgen.model.pipeline import Pipeline

HEAD = """\
version: 1
pipeline: p
queues: {jobs: {}, lost: {}}
topics: {alerts: {subscriptions: [{email: ops@example.com}]}}
streams: {readings: {}}
buses: {orders: {}}
functions: {work: {source: h, triggers: [{queue: jobs}, {queue: lost}, {stream: readings}]}}
"""


def _pipeline(events: str) -> Pipeline:
    return compile_spec(f"{HEAD}events: {events}\n").model


def _statements(events: str, section: str, local: str) -> list[dict[str, Any]]:
    files = dict(compile_spec(f"{HEAD}events: {events}\n").files)
    found: list[dict[str, Any]] = json.loads(files[f"{section}.tf.json"])["locals"][local]["Statement"]
    return [one for one in found if one["Sid"].endswith("FromEvents")]


def test_a_queue_lets_in_the_rules_that_send_to_it_or_what_they_cannot_deliver() -> None:
    to = "to: [{queue: jobs}, {queue: jobs, input: 1}]"
    events = f"{{a: {{pattern: {{source: [a]}}, bus: orders, {to}, failed: lost}}}}"
    [rule] = [
        one["Condition"]["ArnEquals"]["aws:SourceArn"] for one in _statements(events, "queues", "jobs__queue")
    ]
    assert [one.rpartition(":")[2] for one in rule] == ["rule/orders-dev/a-dev"]
    assert _statements(events, "queues", "lost__queue")


def test_a_topic_lets_eventbridge_in_without_a_condition() -> None:
    [one] = _statements("{a: {pattern: {source: [a]}, to: [{topic: alerts}]}}", "topics", "alerts__topic")
    assert one["Principal"] == {"Service": "events.amazonaws.com"}
    assert "Condition" not in one


def test_a_schedule_sends_by_its_role_and_not_by_policies() -> None:
    events = "{a: {schedule: rate(1 day), to: [{queue: jobs}], failed: lost}}"
    assert _statements(events, "queues", "jobs__queue") == []
    [event] = scheduled_events(_pipeline(events))
    assert [one.sid for one in event.statements] == ["SendQueueJobs", "SendUndelivered"]


def test_a_rule_has_a_role_only_for_what_has_no_policy_of_its_own() -> None:
    one, other = (f"pattern: {{source: [a]}}, to: [{{{to}}}]" for to in ("queue: jobs", "stream: readings"))
    events = f"{{a: {{{one}}}, b: {{{other}}}}}"
    assert {one.key: [s.sid for s in one.statements] for one in bus_events(_pipeline(events))} == {
        "a": [],
        "b": ["PutStreamReadings"],
    }


@pytest.mark.parametrize(
    ("bus", "dimensions"),
    [("", {"RuleName"}), ("bus: orders, ", {"RuleName", "EventBusName"})],
)
def test_the_alarm_of_an_event_is_on_the_rule_of_its_bus(bus: str, dimensions: set[str]) -> None:
    pipeline = _pipeline(f"{{a: {{pattern: {{source: [a]}}, {bus}to: [{{queue: jobs}}]}}}}")
    alarm = pipeline.get(Alarm, "a-event-failures")
    assert (alarm.metric, set(alarm.dimensions)) == ("FailedInvocations", dimensions)


def test_a_schedule_has_no_alarm_since_aws_counts_nothing_of_one() -> None:
    pipeline = _pipeline("{a: {schedule: rate(1 day), to: [{queue: jobs}]}}")
    assert not any(alarm.key.startswith("a-") for alarm in pipeline.all(Alarm))


def test_what_is_not_declared_is_told_with_what_was_meant() -> None:
    problems = compile_spec(
        f"{HEAD}events: {{a: {{pattern: {{source: [a]}}, bus: order, to: [{{queue: job}}]}}}}\n"
    ).problems
    messages = {one.message for one in problems}
    assert {
        "there is no bus `order`; did you mean `orders`?",
        "there is no queue `job`; did you mean `jobs`?",
    } <= messages


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ("{to: [{queue: jobs}]}", "an event needs one of `pattern`, `schedule`"),
        ("{pattern: {source: [a]}, to: [{function: work}]}", "`function` is not a kind of event's target"),
        (
            "{pattern: {source: [a]}, to: [{queue: jobs, input: 1, template: x}]}",
            "`template` makes another input: omit `input`",
        ),
        (
            "{pattern: {source: [a]}, to: [{queue: jobs, paths: {a: $.a}}]}",
            "a target with `paths` needs `template`",
        ),
        (
            "{pattern: {source: [a]}, to: [{queue: jobs, paths: {a: \"$['a']\"}, template: <a>}]}",
            "`a` cannot be \"$['a']\": use a path such as $.detail.device_id, in dot notation",
        ),
        (
            "{schedule: rate(1 day), to: [{queue: jobs}, {topic: alerts}]}",
            "`to` has too many entries: the most is 1; write a second event with the same schedule",
        ),
        (
            "{schedule: rate(1 day), bus: orders, to: [{queue: jobs}]}",
            "`bus` is not a setting of an event of a schedule",
        ),
        ("{schedule: rate(1 day), to: [{bus: orders}]}", "`bus` is not a kind of schedule's target"),
    ],
)
def test_what_an_event_cannot_be_is_told(event: str, message: str) -> None:
    assert message in [one.message for one in compile_spec(f"{HEAD}events: {{a: {event}}}\n").problems]


def test_a_picture_shows_the_bus_the_targets_and_what_is_not_delivered() -> None:
    to = "to: [{queue: jobs}, {topic: alerts, input: 1}]"
    events = f"{{a: {{pattern: {{source: [a]}}, bus: orders, {to}, failed: lost}}}}"
    pipeline = _pipeline(events)
    edges = [one for one in EVENTS.drawing(EVENTS.of(pipeline), pipeline) if isinstance(one, Edge)]
    assert [(one.tail[1], one.head[1], one.text) for one in edges] == [
        ("orders", "a", ""),
        ("a", "jobs", ""),
        ("a", "alerts", "reshaped"),
        ("a", "lost", "undelivered"),
    ]


def test_a_schedule_costs_what_its_target_and_the_functions_behind_it_use() -> None:
    pipeline = _pipeline("{a: {schedule: rate(1 minute), to: [{queue: jobs}]}}")
    load = Load(devices=1, every=3600, days=365)
    found = traffic(pipeline, load, read_measured())
    minutes = 30 * 24 * 60
    assert any(abs(use.get("requests") - minutes) < minutes / 50 for use in found.of("queues", "jobs"))
    assert any(abs(use.get("invocations") - minutes) < minutes / 50 for use in found.of("functions", "work"))


def test_what_is_not_simulated_of_them_is_said() -> None:
    pipeline = _pipeline("{a: {schedule: rate(1 day), to: [{queue: jobs}]}}")
    assert list(unknown_events(pipeline)) == [
        "the events a: what EventBridge sends without a function is not simulated"
    ]
    assert list(unknown_events(compile_spec(HEAD).model)) == []


def test_an_event_whose_target_is_not_there_is_left_alone() -> None:
    found = compile_spec(f"{HEAD}events: {{a: {{schedule: rate(1 day), to: [{{queue: none}}]}}}}\n")
    assert [one.code for one in found.problems] == ["IOT201"]
    assert found.pipeline is None or found.pipeline.all(Event) == ()
