"""What AWS refuses to destroy, said before anything is destroyed."""

import json
from typing import Any

from iotgen.guard.refusals import refusal, refusals
from iotgen.terraform.plan import Change

DENIED = {"Sid": "KeepAll", "Effect": "Deny", "Action": ["s3:DeleteBucket"]}


def change(address: str, *actions: str, **before: Any) -> Change:
    kind, label = address.split(".")
    return Change(address=address, type=kind, label=label, actions=actions or ("delete",), before=before)


def policy(address: str, *statements: dict[str, Any]) -> Change:
    return change(address, policy=json.dumps({"Statement": statements}))


def test_protected_tables_and_undeletable_buckets_are_refused() -> None:
    changes = [
        change("aws_dynamodb_table.raw_data", deletion_protection_enabled=True),
        change("aws_dynamodb_table.other", deletion_protection_enabled=False),
        policy("aws_s3_bucket_policy.lake", {"Sid": "DenyWithoutTls"}, DENIED),
        policy("aws_s3_bucket_policy.plain", {"Sid": "DenyWithoutTls"}),
        change("aws_s3_bucket.lake"),
    ]
    assert [one.words for one in refusals(changes)] == [
        "the bucket `lake` has `undeletable`",
        "the table `raw-data` has `deletion_protection`",
    ]


def test_what_is_replaced_is_refused_and_what_stays_is_not() -> None:
    settings = {"deletion_protection_enabled": True}
    assert refusals([change("aws_dynamodb_table.t", "delete", "create", **settings)])
    assert not refusals([change("aws_dynamodb_table.t", "update", **settings)])
    assert not refusals([change("aws_dynamodb_table.t", "forget", **settings)])


def test_what_to_do_first_depends_on_what_is_destroyed() -> None:
    refused = refusals([change("aws_dynamodb_table.t", deletion_protection_enabled=True)])
    message = "AWS refuses to destroy what this would: the table `t` has `deletion_protection`"
    assert refusal(refused, whole=True) == (
        message,
        "Set `deletion_protection: false` there, run `iotgen apply`, then repeat this command.",
    )
    assert refusal(refused, whole=False) == (
        message,
        "Keep it in the spec with `deletion_protection: false`, run `iotgen apply`, then remove it.",
    )
