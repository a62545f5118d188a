"""Alarms on metrics that AWS really publishes, with just the dimensions that it publishes them under."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iotgen.model.alarm import Alarm

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Compile

    Alarms = Callable[..., dict[str, Alarm]]

SPEC = """\
version: 1
pipeline: p
tables: {t: {partition_key: {id: string}}}
queues: {q: {}}
topics: {alerts: {}}
functions: {f: {source: h, reserved_concurrency: 10}}
endpoints: {/a: {method: GET, function: f}}
"""
METRICS = "alarms: {metrics: {m: {function: f, metric: Bad, threshold: 0.5}}}\n"


@pytest.fixture
def alarms(compile_spec: Compile) -> Alarms:
    def by_key(text: str = "") -> dict[str, Alarm]:
        return {alarm.key: alarm for alarm in compile_spec(SPEC + text).model.all(Alarm)}

    return by_key


@pytest.mark.parametrize(
    ("key", "metric", "dimensions", "statistic", "threshold"),
    [
        ("f-errors", "AWS/Lambda Errors", "FunctionName=${aws_lambda_function.f.function_name}", "Sum", 10),
        ("f-throttles", "AWS/Lambda Throttles", "FunctionName=${aws_lambda_function.f.function_name}", "Sum", 5),
        ("f-duration", "AWS/Lambda Duration", "FunctionName=${aws_lambda_function.f.function_name}", "Maximum", 16_000),
        ("f-lost-events", "AWS/Lambda DeadLetterErrors", "FunctionName=${aws_lambda_function.f.function_name}", "Sum", 1),
        ("f-concurrency", "AWS/Lambda ConcurrentExecutions", "FunctionName=${aws_lambda_function.f.function_name}", "Maximum", 8),
        ("t-read-throttles", "AWS/DynamoDB ReadThrottleEvents", "TableName=${aws_dynamodb_table.t.name}", "Sum", 1),
        ("t-write-throttles", "AWS/DynamoDB WriteThrottleEvents", "TableName=${aws_dynamodb_table.t.name}", "Sum", 1),
        ("q-age", "AWS/SQS ApproximateAgeOfOldestMessage", "QueueName=${aws_sqs_queue.q.name}", "Maximum", 300),
        ("q-dlq", "AWS/SQS ApproximateNumberOfMessagesVisible", "QueueName=${aws_sqs_queue.q_dlq.name}", "Maximum", 1),
        ("q-dlq-expiring", "AWS/SQS ApproximateAgeOfOldestMessage", "QueueName=${aws_sqs_queue.q_dlq.name}", "Maximum", 7 * 86400),
        ("f-async-dlq-expiring", "AWS/SQS ApproximateAgeOfOldestMessage", "QueueName=${aws_sqs_queue.f_async_dlq.name}", "Maximum", 7 * 86400),
        ("alerts-failures", "AWS/SNS NumberOfNotificationsFailed", "TopicName=${aws_sns_topic.alerts.name}", "Sum", 1),
        ("f-async-dlq", "AWS/SQS ApproximateNumberOfMessagesVisible", "QueueName=${aws_sqs_queue.f_async_dlq.name}", "Maximum", 1),
        ("p-api-server-errors", "AWS/ApiGateway 5XXError", "ApiName=p-api-dev Stage=v1", "Sum", 5),
        ("p-api-client-errors", "AWS/ApiGateway 4XXError", "ApiName=p-api-dev Stage=v1", "Average", 0.2),
        ("p-api-latency", "AWS/ApiGateway Latency", "ApiName=p-api-dev Stage=v1", "p99", 5000),
        ("m", "p-dev Bad", "service=f", "Sum", 0.5),
    ],
)  # fmt: skip
def test_an_alarm(
    alarms: Alarms, key: str, metric: str, dimensions: str, statistic: str, threshold: float
) -> None:
    found = alarms(METRICS)[key]
    assert f"{found.namespace} {found.metric}" == metric
    assert " ".join(f"{name}={value}" for name, value in found.dimensions.items()) == dimensions
    assert (found.statistic, found.threshold, found.period) == (statistic, threshold, 300)
    assert found.name == f"{key}-dev"


def test_there_are_no_others(alarms: Alarms) -> None:
    assert len(alarms()) == 16


@pytest.mark.parametrize(
    ("section", "setting", "gone"),
    [
        ("functions", "errors", "f-errors"),
        ("functions", "throttles", "f-throttles"),
        ("functions", "concurrency", "f-concurrency"),
        ("functions", "duration", "f-duration"),
        ("functions", "lost_events", "f-lost-events"),
        ("tables", "throttles", "t-read-throttles t-write-throttles"),
        ("queues", "age", "q-age"),
        ("queues", "dead_letters", "q-dlq f-async-dlq"),
        ("queues", "dead_letter_age", "q-dlq-expiring f-async-dlq-expiring"),
        ("topics", "failures", "alerts-failures"),
        ("api", "server_errors", "p-api-server-errors"),
        ("api", "client_errors", "p-api-client-errors"),
        ("api", "latency", "p-api-latency"),
    ],
)
def test_each_can_be_turned_off_and_set(alarms: Alarms, section: str, setting: str, gone: str) -> None:
    off = alarms(f"alarms: {{{section}: {{{setting}: false}}}}\n")
    assert alarms().keys() - off.keys() == set(gone.split())
    for key in gone.split():
        # Half of ten reserved executions, of 20 s and of all requests; and days in seconds.
        value = 12 if setting == "dead_letter_age" else 50
        expected = {"concurrency": 5, "duration": 10_000, "client_errors": 0.5, "dead_letter_age": 12 * 86400}
        changed = alarms(f"alarms: {{{section}: {{{setting}: {value}}}}}\n")
        assert changed[key].threshold == expected.get(setting, value)


def test_a_surge_of_client_errors_lasts_15_minutes(alarms: Alarms) -> None:
    assert {key: alarm.periods for key, alarm in alarms().items() if alarm.periods > 1} == {
        "p-api-client-errors": 3
    }


def test_silence_is_no_call_and_no_data(alarms: Alarms) -> None:
    found = alarms("alarms: {silence: {f: 15}}\n")["f-silence"]
    assert (found.namespace, found.metric, found.statistic) == ("AWS/Lambda", "Invocations", "Sum")
    assert (found.below, found.threshold, found.period, found.periods) == (True, 1, 900, 1)
    assert found.dimensions == alarms()["f-errors"].dimensions
    assert not any(alarm.below for alarm in alarms().values())


def test_silence_of_what_is_no_function(compile_spec: Compile) -> None:
    output = compile_spec(SPEC + "alarms: {silence: {ff: 15}}\n").said
    assert output == "spec.yaml:8:20: IOT201 there is no function `ff`; did you mean `f`?\n"


def test_whom_they_tell(alarms: Alarms) -> None:
    assert {alarm.notify for alarm in alarms().values()} == {()}
    notifying = alarms("alarms: {notify: alerts}\n").values()
    assert {one.name for alarm in notifying for one in (*alarm.notify, *alarm.on_ok)} == {"alerts-dev"}


def test_a_function_without_a_reservation_has_no_alarm_on_it(compile_spec: Compile) -> None:
    model = compile_spec(SPEC.replace(", reserved_concurrency: 10", "")).model
    assert "f-concurrency" not in {alarm.key for alarm in model.all(Alarm)}


@pytest.mark.parametrize(
    ("trigger", "threshold"),
    [
        ("{queue: q}", 9),  # its share is 8
        ("{queue: q, max_concurrency: 2}", 8),
        ("{queue: q, max_concurrency: 10}", 10),
    ],
)
def test_a_queue_at_its_maximum_concurrency_is_no_alarm(
    compile_spec: Compile, trigger: str, threshold: int
) -> None:
    spec = SPEC.replace("reserved_concurrency: 10", f"reserved_concurrency: 10, triggers: [{trigger}]")
    alarms = {alarm.key: alarm for alarm in compile_spec(spec).model.all(Alarm)}
    assert alarms["f-concurrency"].threshold == threshold


def test_a_metrics_name_may_have_colons(alarms: Alarms) -> None:
    found = alarms(METRICS.replace("Bad", '"a:b:"'))["m"]
    assert (found.namespace, found.metric) == ("p-dev", "a:b:")
