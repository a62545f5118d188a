"""Alarms on metrics that AWS really publishes, with just the dimensions that it publishes them under."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from iotgen.model.pipeline import Alarm
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
        return {alarm.key: alarm for alarm in compile_spec(SPEC + text).model.alarms}

    return by_key


@pytest.mark.parametrize(
    ("key", "metric", "dimensions", "statistic", "threshold"),
    [
        ("f-errors", "AWS/Lambda Errors", "FunctionName=${aws_lambda_function.f.function_name}", "Sum", 10),
        ("f-throttles", "AWS/Lambda Throttles", "FunctionName=${aws_lambda_function.f.function_name}", "Sum", 5),
        ("f-concurrency", "AWS/Lambda ConcurrentExecutions", "FunctionName=${aws_lambda_function.f.function_name}", "Maximum", 8),
        ("t-read-throttles", "AWS/DynamoDB ReadThrottleEvents", "TableName=${aws_dynamodb_table.t.name}", "Sum", 1),
        ("t-write-throttles", "AWS/DynamoDB WriteThrottleEvents", "TableName=${aws_dynamodb_table.t.name}", "Sum", 1),
        ("q-age", "AWS/SQS ApproximateAgeOfOldestMessage", "QueueName=${aws_sqs_queue.q.name}", "Maximum", 300),
        ("q-dlq", "AWS/SQS ApproximateNumberOfMessagesVisible", "QueueName=${aws_sqs_queue.q_dlq.name}", "Maximum", 1),
        ("f-async-dlq", "AWS/SQS ApproximateNumberOfMessagesVisible", "QueueName=${aws_sqs_queue.f_async_dlq.name}", "Maximum", 1),
        ("p-api-server-errors", "AWS/ApiGateway 5XXError", "ApiName=p-api-dev Stage=v1", "Sum", 5),
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
    assert len(alarms()) == 10


@pytest.mark.parametrize(
    ("section", "setting", "gone"),
    [
        ("functions", "errors", "f-errors"),
        ("functions", "throttles", "f-throttles"),
        ("functions", "concurrency", "f-concurrency"),
        ("tables", "throttles", "t-read-throttles t-write-throttles"),
        ("queues", "age", "q-age"),
        ("queues", "dead_letters", "q-dlq f-async-dlq"),
        ("api", "server_errors", "p-api-server-errors"),
        ("api", "latency", "p-api-latency"),
    ],
)
def test_each_can_be_turned_off_and_set(alarms: Alarms, section: str, setting: str, gone: str) -> None:
    off = alarms(f"alarms: {{{section}: {{{setting}: false}}}}\n")
    assert alarms().keys() - off.keys() == set(gone.split())
    for key in gone.split():
        # Half of the ten that are reserved, for the one that is in per cent.
        expected = 5 if setting == "concurrency" else 50
        assert alarms(f"alarms: {{{section}: {{{setting}: 50}}}}\n")[key].threshold == expected


def test_whom_they_tell(alarms: Alarms) -> None:
    assert {alarm.topic for alarm in alarms().values()} == {None}
    assert {alarm.topic for alarm in alarms("alarms: {notify: alerts}\n").values()} == {"alerts"}


def test_a_function_without_a_reservation_has_no_alarm_on_it(compile_spec: Compile) -> None:
    model = compile_spec(SPEC.replace(", reserved_concurrency: 10", "")).model
    assert "f-concurrency" not in {alarm.key for alarm in model.alarms}


def test_a_metrics_name_may_have_colons(alarms: Alarms) -> None:
    found = alarms(METRICS.replace("Bad", '"a:b:"'))["m"]
    assert (found.namespace, found.metric) == ("p-dev", "a:b:")
