"""What differs on AWS from the last apply, and what only seems to."""

import json
from typing import Any

import pytest

from iotgen.review.drift import drifted
from iotgen.review.text import drift, text
from iotgen.terraform.plan import Change, Contents
from tests.conftest import Compiled
from tests.review.conftest import review_of
from tests.review.planner import contents

POLICY = json.dumps({"Statement": [{"Effect": "Allow", "Action": "sns:Publish", "Resource": "*"}]})
OTHER = json.dumps({"Statement": [{"Effect": "Allow", "Action": "sns:*", "Resource": "*"}]})


def change(address: str, before: Any, after: Any, **more: Any) -> Change:
    type_, _, label = address.partition(".")
    actions = ("update",) if after is not None else ("delete",)
    return Change(
        address=address, type=type_, label=label, actions=actions, before=before, after=after, **more
    )


def names(one: Change, deployed: Any = None) -> list[str]:
    found = drifted(Contents(drift=(one,), deployed=deployed or {}))
    return [setting.name for each in found for setting in each.settings]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"tags": None}, {"tags": {}}, []),
        ({"timeout": 20}, {"timeout": 30}, ["timeout"]),
        ({"last_modified": "1"}, {"last_modified": "2"}, []),
        ({"tags": {}, "tags_all": {}}, {"tags": {"a": "b"}, "tags_all": {"a": "b"}}, ["tags.a"]),
        ({"tags_all": {}}, {"tags_all": {"a": "b"}}, ["tags_all.a"]),
    ],
)
def test_settings_that_differ_are_drift(before: Any, after: Any, expected: list[str]) -> None:
    assert names(change("aws_lambda_function.f", before, after)) == expected


def test_a_secret_that_was_set_is_no_drift() -> None:
    before, after = {"value": "a", "version": 1}, {"value": "b", "version": 2}
    secret = change("aws_ssm_parameter.key", before, after, configured={"value_wo": True})
    assert names(secret) == []
    plain = change("aws_ssm_parameter.key", before, after, configured={"value": True})
    assert names(plain) == ["value"]


def test_what_another_resource_sets_in_a_bucket_is_no_drift() -> None:
    after = {"lifecycle_rule": [{"id": "expire"}], "force_destroy": True}
    bucket = change(
        "aws_s3_bucket.files",
        {"lifecycle_rule": [], "force_destroy": False},
        after,
        configured={"bucket": True},
    )
    assert names(bucket) == ["lifecycle_rule[0]", "force_destroy"]
    rules: dict[str, Any] = {"aws_s3_bucket_lifecycle_configuration.files": {}}
    assert names(bucket, rules) == ["force_destroy"]
    assert names(bucket, {"aws_s3_bucket_lifecycle_configuration.other": {}}) == [
        "lifecycle_rule[0]",
        "force_destroy",
    ]


def test_a_zero_that_the_provider_reads_back_is_no_drift() -> None:
    address = "aws_s3_bucket_server_side_encryption_configuration.files"
    before, after = {"rule": [{"bucket_key_enabled": None}]}, {"rule": [{"bucket_key_enabled": False}]}
    assert names(change(address, before, after)) == []


def test_a_key_that_was_set_by_hand_is_drift() -> None:
    queue = change(
        "aws_sqs_queue.jobs",
        {"kms_master_key_id": ""},
        {"kms_master_key_id": "alias/other"},
        configured={"name": True},
    )
    assert names(queue) == ["kms_master_key_id"]


def test_the_policy_that_another_resource_has_set_is_no_drift() -> None:
    topic = change("aws_sns_topic.news", {"policy": OTHER}, {"policy": POLICY})
    deployed = {"aws_sns_topic.news": {"policy": POLICY}, "aws_sns_topic_policy.news": {"policy": POLICY}}
    assert names(topic, deployed) == []
    role = change(
        "aws_iam_role.f", {"inline_policy": []}, {"inline_policy": [{"name": "f", "policy": POLICY}]}
    )
    assert names(role, {"aws_iam_role_policy.f": {"policy": POLICY}}) == []
    assert names(role, {"aws_iam_role_policy.f": {"policy": OTHER}}) == ["inline_policy[0]"]


def test_the_managed_policies_that_others_attach_are_no_drift() -> None:
    attached = {"name": "f-dev", "managed_policy_arns": ["arn:aws:iam::aws:policy/X"]}
    role = change("aws_iam_role.f", {"name": "f-dev", "managed_policy_arns": []}, attached)
    attachment = {"role": "f-dev", "policy_arn": "arn:aws:iam::aws:policy/X"}
    assert names(role, {"aws_iam_role_policy_attachment.f__aws_X": attachment}) == []
    for other in ({"role": "g-dev"}, {"policy_arn": "arn:aws:iam::aws:policy/Y"}):
        deployed = {"aws_iam_role_policy_attachment.f__aws_X": attachment | other}
        assert names(role, deployed) == ["managed_policy_arns"]


def test_drift_is_by_key_and_line_and_apart_from_changes(small: Compiled) -> None:
    queue = change(
        "aws_sqs_queue.jobs", {"visibility_timeout_seconds": 120}, {"visibility_timeout_seconds": 9}
    )
    gone = change("aws_dynamodb_table.rollups", {"name": "rollups-dev"}, None)
    plan = contents(small, small)
    review = review_of(small, Contents(changes=plan.changes, drift=(queue, gone), deployed=plan.deployed))
    assert drift(review) == (
        "-   table rollups  spec.yaml:10  gone\n"
        "~   queue jobs     spec.yaml:12\n"
        "    visibility_timeout_seconds  120 -> 9\n"
    )
    assert text(review).startswith("\ndiffers on AWS from the last apply\n")
    assert text(review).endswith("Nothing to change.\n")


def test_permissions_that_were_given_by_hand_are_words(small: Compiled) -> None:
    by_hand = change(
        "aws_iam_role_policy.reader", {"policy": json.dumps({"Statement": []})}, {"policy": OTHER}
    )
    plan = contents(small, small)
    review = review_of(small, Contents(changes=plan.changes, drift=(by_hand,), deployed=plan.deployed))
    assert drift(review) == (
        "~   function reader  spec.yaml:18\n"
        "    role policy: other permissions, see below\n"
        "\n"
        "permissions on AWS\n"
        "  WIDE: reader gains sns:* on *\n"
    )


def test_no_drift_is_one_line(small: Compiled) -> None:
    assert drift(review_of(small, contents(small, small))) == "Nothing differs on AWS from the last apply.\n"
