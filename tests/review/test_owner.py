"""Whose a resource is: of what the spec has, and of what it has no longer."""

import pytest

from iotgen import project
from iotgen.render.render import owners
from iotgen.review.owner import Owners
from tests.conftest import Compiled
from tests.review.conftest import SPEC, compiled

GONE = (
    "aws_dynamodb_table.old_data",
    "aws_cloudwatch_metric_alarm.old_data_read_throttles",
    "aws_sqs_queue.waiting",
    "aws_sqs_queue.waiting_dlq",
    "aws_cloudwatch_metric_alarm.waiting_dlq_expiring",
    "aws_sqs_queue.waiting_room",
    "aws_lambda_function.former",
    "aws_sqs_queue.former_async_dlq",
    "aws_iam_role.former",
    "aws_cloudwatch_log_group.former",
    "aws_lambda_event_source_mapping.former__waiting",
)


@pytest.fixture(scope="module")
def found(small: Compiled) -> Owners:
    assert small.pipeline
    made = owners(small.pipeline, project.built_in_templates().get)
    return Owners(small.pipeline, small.document, made, GONE)


@pytest.mark.parametrize(
    ("address", "title", "place"),
    [
        ("aws_dynamodb_table.readings", "table readings", "spec.yaml:9"),
        ("aws_sqs_queue.jobs_dlq", "queue jobs", "spec.yaml:12"),
        ("aws_sqs_queue.reader_async_dlq", "function reader", "spec.yaml:18"),
        ("aws_lambda_event_source_mapping.reader__jobs", "function reader", "spec.yaml:18"),
        ("aws_api_gateway_method.small_api__write_post", "endpoint /write", "spec.yaml:31"),
        ("aws_cloudwatch_metric_alarm.readings_read_throttles", "table readings", "spec.yaml:9"),
        ("aws_dynamodb_table.old_data", "table old-data", ""),
        ("aws_cloudwatch_metric_alarm.old_data_read_throttles", "table old-data", ""),
        ("aws_sqs_queue.waiting_dlq", "queue waiting", ""),
        ("aws_cloudwatch_metric_alarm.waiting_dlq_expiring", "queue waiting", ""),
        ("aws_sqs_queue.waiting_room", "queue waiting-room", ""),
        ("aws_sqs_queue.former_async_dlq", "function former", ""),
        ("aws_iam_role.former", "function former", ""),
        ("aws_lambda_event_source_mapping.former__waiting", "function former", ""),
        ("aws_cloudwatch_metric_alarm.jobs_former", "queue jobs", "spec.yaml:12"),
        ('aws_sqs_queue.own["a.b"]', "queue own", ""),
        ("terraform_data.thing", "resource terraform_data.thing", ""),
        ("module.m.aws_sqs_queue.jobs", "resource module.m.aws_sqs_queue.jobs", ""),
        ("aws_vpc.main", "resource aws_vpc.main", ""),
    ],
)
def test_each_resource_has_an_owner(found: Owners, address: str, title: str, place: str) -> None:
    owner = found.of(address)
    assert (owner.title, owner.place) == (title, place)


def test_an_environments_overlay_has_the_line_where_it_is_written() -> None:
    spec = compiled(f"{SPEC}environments: {{dev: {{queues: {{extra: {{}}}}}}}}\n")
    assert spec.pipeline
    made = owners(spec.pipeline, project.built_in_templates().get)
    owner = Owners(spec.pipeline, spec.document, made, ()).of("aws_sqs_queue.extra")
    assert owner.place == f"spec.yaml:{len(SPEC.splitlines()) + 1}"
