"""Endpoints without a function: what their settings mean, beside what the golden files show."""

from __future__ import annotations

import pytest

from iotgen.cost import Load, read_measured, traffic
from iotgen.kinds.endpoints import endpoint_at
from iotgen.kinds.endpoints.receiver import Receiver
from iotgen.kinds.wiring import principal
from iotgen.prove.shaping import unknown_endpoints
from tests.conftest import compile_spec

HEAD = """\
version: 1
pipeline: p
streams: {readings: {}}
buckets: {lake: {}}
deliveries: {archive: {bucket: lake}}
topics: {alerts: {subscriptions: [{email: ops@example.com}]}}
queues: {jobs: {}}
functions: {work: {source: h, triggers: [{stream: readings}, {queue: jobs}]}}
"""


def _receiver(settings: str, path: str = "/a") -> Receiver:
    pipeline = compile_spec(f"{HEAD}endpoints: {{'{path}': {{method: POST, {settings}}}}}\n", rules=()).model
    endpoint = endpoint_at(pipeline, "POST", path.replace("{id}", "1"))
    assert endpoint
    assert endpoint.receiver
    return endpoint.receiver


@pytest.mark.parametrize(
    ("settings", "allowed"),
    [
        ("stream: readings", ("kinesis:PutRecord",)),
        ("delivery: archive", ("firehose:PutRecord",)),
        ("topic: alerts", ("sns:Publish",)),
    ],
)
def test_the_role_may_do_this_and_nothing_else(settings: str, allowed: tuple[str, ...]) -> None:
    assert [one.actions for one in _receiver(settings).statements] == [allowed]


@pytest.mark.parametrize(
    ("settings", "path", "key"),
    [
        ("stream: readings", "/a", "$context.requestId"),
        ("stream: readings, partition_key: $.device.id", "/a", "$!input.path('$.device.id')"),
        ('stream: readings, partition_key: "{id}"', "/a/{id}", "$!input.params('id')"),
    ],
)
def test_a_partition_key_is_of_the_body_or_the_path_or_the_requests_own(
    settings: str, path: str, key: str
) -> None:
    assert str(_receiver(settings, path).request).startswith(f'#set($key = "{key}")\n')


@pytest.mark.parametrize(
    "settings", ["queue: jobs", "stream: readings", "delivery: archive", "topic: alerts"]
)
def test_what_is_refused_is_answered_as_by_a_queue(settings: str) -> None:
    refused = _receiver(settings).refused
    assert "#set($context.responseOverride.status = 400)\n" in refused
    assert '{"error":{"code":"invalid_body","message":"' in refused
    assert '{"error":{"code":"unavailable","message":"the ' in refused


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("stream: readings, queue: jobs", "`stream` is another receiver: an endpoint has one"),
        ("topic: alerts, function: work", "`function` is another receiver: an endpoint has one"),
        ("queue: jobs, partition_key: $.id", "`partition_key` is for a `stream`"),
        ("stream: reading", "there is no stream `reading`; did you mean `readings`?"),
        (
            "stream: readings, partition_key: id",
            '`partition_key` cannot be "id": use a path into the body such as $.device_id, '
            "or a variable of the path such as {id}",
        ),
    ],
)
def test_what_an_endpoint_cannot_have_is_told(settings: str, message: str) -> None:
    text = f"{HEAD}endpoints: {{/a: {{method: POST, {settings}}}}}\n"
    assert message in [one.message for one in compile_spec(text, rules=()).problems]


def test_a_load_on_a_stream_is_followed_to_the_function_that_reads_it() -> None:
    text = f"{HEAD}endpoints: {{/a: {{method: POST, stream: readings}}}}\n"
    found = traffic(compile_spec(text, rules=()).model, Load(devices=10, every=60, days=30), read_measured())
    assert sum(use.get("bytes") for use in found.of("streams", "readings")) > 0
    assert sum(use.get("invocations") for use in found.of("functions", "work")) > 0


def test_what_is_not_simulated_is_said() -> None:
    text = f"{HEAD}endpoints: {{/a: {{method: POST, stream: readings}}}}\n"
    assert list(unknown_endpoints(compile_spec(text, rules=()).model)) == [
        "the endpoints POST /a: what API Gateway hands on itself is not simulated"
    ]


@pytest.mark.parametrize(
    ("topic", "subscriber", "service"),
    [
        (None, "eu-south-1", "sns"),
        ("eu-west-1", "us-east-1", "sns"),
        ("ap-east-1", "us-east-1", "sns.ap-east-1"),
        ("us-east-1", "eu-south-1", "sns.eu-south-1"),
        ("ap-east-1", "eu-south-1", "sns.eu-south-1"),
    ],
)
def test_sns_delivers_in_the_name_of_a_region_that_has_to_be_enabled(
    topic: str | None, subscriber: str, service: str
) -> None:
    assert principal(topic, subscriber) == service


def test_a_queue_lets_in_what_a_topic_of_such_a_region_sends() -> None:
    spec = """\
version: 1
pipeline: p
queues: {jobs: {}}
topics:
  near: {subscriptions: [{queue: jobs}]}
  far: {existing: "arn:aws:sns:ap-east-1:123456789012:far", subscriptions: [{queue: jobs}]}
"""
    queue = compile_spec(spec, rules=()).terraform["locals"]["jobs__queue"]["Statement"]
    senders = {
        one["Principal"]["Service"]: one["Condition"] for one in queue if "Service" in one["Principal"]
    }
    assert [one["Sid"] for one in queue] == ["SendFromTopics", "SendFromTopicsapeast1", "DenyWithoutTls"]
    assert senders.keys() == {"sns.amazonaws.com", "sns.ap-east-1.amazonaws.com"}
    assert "far" in str(senders["sns.ap-east-1.amazonaws.com"])
    assert "far" not in str(senders["sns.amazonaws.com"])
