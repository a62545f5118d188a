"""What a plan destroys of the kinds that hold something, and the names by which it is allowed."""

from typing import Any

import pytest

from iotgen.guard.losses import losses
from iotgen.terraform.plan import Change

DESTROY, REPLACE, NONE = ("delete",), ("delete", "create"), ("no-op",)


def change(address: str, actions: tuple[str, ...] = DESTROY, **before: Any) -> Change:
    parts = address.removeprefix("module.own.").split(".")
    return Change(
        address=address, type=parts[0], label=parts[1].partition("[")[0], actions=actions, before=before
    )


def named(*changes: Change) -> list[tuple[str, str]]:
    return [(loss.noun, loss.name) for loss in losses(changes)]


def test_the_kinds_that_hold_something_are_named_by_their_keys() -> None:
    addresses = [
        "aws_cloudwatch_log_group.f",
        "aws_cloudwatch_log_group.rule_errors__log",
        "aws_dynamodb_table.raw_sensor_data",
        "aws_kms_key.pipeline",
        "aws_lambda_function.f",
        "aws_s3_bucket.files",
        "aws_s3_bucket_policy.files",
        "aws_sqs_queue.f_async_dlq",
        "aws_sqs_queue.jobs",
        "aws_ssm_parameter.api_key",
    ]
    assert named(*map(change, addresses)) == [
        ("parameter", "api-key"),
        ("queue", "f-async-dlq"),
        ("bucket", "files"),
        ("queue", "jobs"),
        ("key", "pipeline"),
        ("table", "raw-sensor-data"),
        ("log group", "rule-errors"),
    ]


@pytest.mark.parametrize("actions", [("create",), ("update",), NONE, ("forget",), ("create", "forget")])
def test_what_stays_on_aws_is_no_loss(actions: tuple[str, ...]) -> None:
    assert named(change("aws_dynamodb_table.t", actions)) == []


@pytest.mark.parametrize("actions", [REPLACE, ("create", "delete")])
def test_a_replacement_is_a_loss(actions: tuple[str, ...]) -> None:
    (loss,) = losses([change("aws_dynamodb_table.t", actions)])
    assert loss.replaced


def test_what_was_never_made_is_no_loss() -> None:
    created = Change(address="aws_dynamodb_table.t", type="aws_dynamodb_table", label="t", actions=REPLACE)
    assert named(created) == []


def test_a_key_that_two_kinds_share_is_named_with_its_section_even_if_only_one_is_lost() -> None:
    assert named(change("aws_dynamodb_table.jobs", NONE), change("aws_sqs_queue.jobs")) == [
        ("queue", "queues.jobs")
    ]


def test_what_has_no_key_in_the_spec_is_named_by_its_address() -> None:
    own = ["module.own.aws_dynamodb_table.t", 'aws_dynamodb_table.t["a"]']
    assert named(*map(change, own)) == [("table", name) for name in sorted(own)]


def test_an_object_that_an_earlier_replacement_left_behind_is_a_loss_too() -> None:
    left = Change(
        address="aws_kms_key.pipeline",
        type="aws_kms_key",
        label="pipeline",
        actions=DESTROY,
        before={"key_id": "1"},
        deposed=True,
    )
    assert named(left, change("aws_kms_key.pipeline", NONE)) == [("key", "pipeline")]
