"""Policies, compared statement by statement."""

import json
from typing import Any

import pytest

from iotgen.review.policy import Permission, compared, permissions_of

TLS = {"Bool": {"aws:SecureTransport": "true"}}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **one} for one in statements]}
    )


def differences(before: str, after: str) -> tuple[set[str], set[str]]:
    old, new = permissions_of(before), permissions_of(after)
    assert old is not None
    assert new is not None
    gained, lost = compared(old, new)
    return {f"{one.action} {one.resource}" for one in gained}, {
        f"{one.action} {one.resource}" for one in lost
    }


PUT = {"Action": "dynamodb:PutItem", "Resource": "t"}


@pytest.mark.parametrize(
    ("before", "after", "gained", "lost"),
    [
        (policy(PUT), policy(PUT, {"Action": ["a:B", "a:C"], "Resource": ["r", "s"]}),
         {"a:B r", "a:B s", "a:C r", "a:C s"}, set()),
        (policy(PUT), policy(PUT | {"Action": ["dynamodb:PutItem"], "Sid": "Other"}), set(), set()),
        (policy({"Action": "dynamodb:*", "Resource": "t"}), policy(PUT), set(), {"dynamodb:* t"}),
        (policy(PUT), policy({"Action": "dynamodb:*", "Resource": "t"}), {"dynamodb:* t"}, set()),
        (policy({"Action": "DynamoDB:Put*", "Resource": "*"}), policy(PUT), set(), {"DynamoDB:Put* *"}),
        (policy(PUT), policy(PUT | {"Condition": TLS}), set(), {"dynamodb:PutItem t"}),
        (policy(PUT | {"Condition": TLS}), policy(PUT), {"dynamodb:PutItem t"}, set()),
        (policy({"NotAction": "iam:*", "Resource": "*"}), policy({"NotAction": "iam:Get*", "Resource": "*"}),
         {"all but iam:Get* *"}, {"all but iam:* *"}),
        (policy({"Action": "*", "Resource": "*"}), policy({"NotAction": "iam:*", "Resource": "*"}),
         set(), {"* *"}),
        (policy(PUT | {"Principal": "*"}), policy(PUT | {"Principal": {"AWS": ["a"]}}),
         set(), {"dynamodb:PutItem t"}),
        (policy(PUT | {"Effect": "Deny"}), policy(PUT), {"dynamodb:PutItem t"}, {"dynamodb:PutItem t"}),
    ],
)  # fmt: skip
def test_what_is_gained_and_lost(before: str, after: str, gained: set[str], lost: set[str]) -> None:
    assert differences(before, after) == (gained, lost)


@pytest.mark.parametrize("text", [None, 1, "", "text", "[]", '{"Version": 1}', '{"a": '])
def test_what_is_no_policy(text: Any) -> None:
    assert permissions_of(text) is None


@pytest.mark.parametrize(
    "text", ['{"Statement": {}}', '{"Statement": [1]}', '{"Statement": [{"Condition": {"Bool": 1}}]}']
)
def test_a_strange_policy_is_read(text: str) -> None:
    assert permissions_of(text) is not None


def test_a_trust_policy_has_principals_and_no_resource() -> None:
    trust = {"Action": "sts:AssumeRole", "Principal": {"Service": ["a", "b"]}}
    assert permissions_of(policy(trust)) == frozenset(
        {Permission("sts:AssumeRole", "", "a"), Permission("sts:AssumeRole", "", "b")}
    )
