"""Permissions in words, and which of them widen."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from iotgen.cli.reviewed import refusal
from iotgen.review.review import Review
from iotgen.review.sentences import sentences
from iotgen.terraform.plan import Change, Contents
from tests.conftest import Compiled
from tests.review.conftest import Reviewed, compiled, review_of
from tests.review.planner import contents

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/readings-dev"
DEAD = "arn:aws:sqs:us-east-1:123456789012:jobs-dlq-dev"
PUT = {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": TABLE}
VIA = {"StringEquals": {"kms:ViaService": "ssm.us-east-1.amazonaws.com"}}


def policy(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def updated(address: str, before: Any, after: Any, **more: Any) -> Change:
    type_, _, label = address.partition(".")
    return Change(
        address=address, type=type_, label=label, actions=("update",), before=before, after=after, **more
    )


def role(*after: Mapping[str, Any], before: tuple[Mapping[str, Any], ...] = (PUT,)) -> Change:
    return updated("aws_iam_role_policy.reader", {"policy": policy(*before)}, {"policy": policy(*after)})


def method(authorization: str, **more: Any) -> dict[str, Any]:
    return {"authorization": authorization, "http_method": "POST"} | more


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (method("AWS_IAM"), method("NONE"), ["WIDE: everyone gains Invoke on endpoint /write"]),
        (method("NONE"), method("AWS_IAM"), ["everyone loses Invoke on endpoint /write"]),
        (method("AWS_IAM"), method("NONE", api_key_required=True), []),
        (None, method("NONE"), []),
    ],
)
def test_who_may_call_an_endpoint(small: Compiled, before: Any, after: Any, expected: list[str]) -> None:
    change = updated("aws_api_gateway_method.small_api__write_post", before, after)
    if before is None:
        change = replace(change, actions=("create",))
    review = of(small, change)
    assert words(review) == expected
    assert len(review.widening) == sum("gains" in sentence for sentence in expected)


@pytest.mark.parametrize("actions", [("create",), ("update",)])
def test_a_bucket_that_becomes_public_is_a_widening(small: Compiled, actions: tuple[str, ...]) -> None:
    statement = {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Principal": {"AWS": "*"},
        "Resource": "arn:aws:s3:::b/*",
    }
    private = {"policy": policy()} if actions == ("update",) else None
    change = updated("aws_s3_bucket_policy.b", private, {"policy": policy(statement)})
    review = of(small, replace(change, actions=actions))
    assert words(review) == ["WIDE: everyone gains s3:GetObject on arn:aws:s3:::b/*"]
    assert len(review.widening) == 1


def of(small: Compiled, *changes: Change) -> Review:
    """A review of these changes of what is deployed as the small spec."""
    there = contents(small, small)
    touched = {change.address for change in changes}
    others = tuple(change for change in there.changes if change.address not in touched)
    return review_of(small, Contents(changes=(*changes, *others), deployed=there.deployed))


def words(review: Review) -> list[str]:
    return [one.words for one in sentences(review.permissions, review.groups)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (role(PUT, before=()), ["reader gains PutItem on table readings (spec.yaml:22)"]),
        (role(PUT, PUT | {"Action": "dynamodb:Query"}), ["reader gains Query on table readings"]),
        (role(), ["reader loses PutItem on table readings"]),
        (role(PUT | {"Condition": VIA}),
         ["reader loses PutItem on table readings, "
          "except if kms:ViaService is ssm.us-east-1.amazonaws.com"]),
        (role(PUT, before=(PUT | {"Condition": VIA},)),
         ["reader gains PutItem on table readings, "
          "no longer only if kms:ViaService is ssm.us-east-1.amazonaws.com (spec.yaml:22)"]),
        (role(PUT, {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": DEAD}),
         ["reader gains SendMessage on the dead-letter queue of jobs"]),
        (role(PUT, PUT | {"Resource": "*"}), ["WIDE: reader gains dynamodb:PutItem on *"]),
        (role(PUT, {"Effect": "Allow", "NotAction": "iam:*", "Resource": TABLE}),
         ["WIDE: reader gains all but iam:* on table readings"]),
        (role(PUT, PUT | {"Effect": "Deny"}), ["reader is denied PutItem on table readings"]),
        (role(PUT, before=(PUT, PUT | {"Effect": "Deny"})),
         ["reader is no longer denied PutItem on table readings"]),
        (updated("aws_sqs_queue.jobs", {"policy": policy()},
                 {"policy": policy({"Effect": "Allow", "Principal": "*", "Action": "a:*", "Resource": "*"})}),
         ["WIDE: everyone gains a:* on *"]),
        (updated("aws_iam_role.reader", {"managed_policy_arns": []},
                 {"managed_policy_arns": ["arn:aws:iam::aws:policy/AdministratorAccess"]}),
         ["WIDE: reader gains what the policy arn:aws:iam::aws:policy/AdministratorAccess allows"]),
        (updated("aws_iam_role_policy_attachment.reader__aws_X", {},
                 {"role": "reader-dev", "policy_arn": "arn:aws:iam::aws:policy/X"}),
         ["WIDE: reader gains what the policy arn:aws:iam::aws:policy/X allows"]),
        (updated("aws_iam_role.reader",
                 {"assume_role_policy": policy()},
                 {"assume_role_policy": policy({"Effect": "Allow", "Principal": {"AWS": "123456789013"},
                                                "Action": "sts:AssumeRole"})}),
         ["123456789013 gains sts:AssumeRole"]),
        (updated("aws_iam_role_policy.reader", {"policy": policy(PUT)}, {"policy": policy()},
                 before_sensitive={"policy": True}),
         ["the policy of function reader cannot be compared: it is sensitive (aws_iam_role_policy.reader)"]),
        (updated("aws_iam_role_policy.reader", {"policy": policy(PUT)}, {}, after_unknown={"policy": True}),
         ["the policy of function reader cannot be compared: it is known only after the apply "
          "(aws_iam_role_policy.reader)"]),
    ],
)  # fmt: skip
def test_a_difference_is_one_sentence(small: Compiled, change: Change, expected: list[str]) -> None:
    assert words(of(small, change)) == expected


def test_the_same_permissions_in_other_words_are_no_difference(small: Compiled) -> None:
    review = of(small, role({"Sid": "Renamed", **PUT, "Action": ["dynamodb:PutItem"]}))
    assert words(review) == []
    assert [item.rewritten for item in review.items] == [True]


def widening(review: Review) -> str:
    found = refusal(review, on_widening=True, on_destroy=False)
    return found.message if found else ""


def test_a_gained_permission_can_be_refused(small: Compiled, changed: Reviewed) -> None:
    assert widening(changed(("[put]", "[put, query]"))) == (
        "the plan widens permissions: reader gains Query on table readings"
    )
    assert widening(changed(("memory: 256", "memory: 512"))) == ""
    assert widening(changed(("[put]", "[get]"))).startswith("the plan widens")
    assert widening(of(small, role(PUT, before=(PUT, PUT | {"Effect": "Deny"}))))
    assert widening(of(small, role(PUT, PUT | {"Effect": "Deny"}))) == ""
    unclear = updated(
        "aws_iam_role_policy.reader", {"policy": policy(PUT)}, {}, after_unknown={"policy": True}
    )
    assert "cannot be compared" in widening(of(small, unclear))


def test_the_first_apply_widens_nothing_that_the_spec_asks_for(small: Compiled) -> None:
    assert widening(review_of(small, contents(None, small))) == ""


def test_a_new_function_widens(changed: Reviewed) -> None:
    more = "functions:\n  more:\n    source: handlers/more\n    access: {tables: {rollups: [get]}}\n"
    assert "more gains GetItem on table rollups" in widening(changed(("functions:\n", more)))


def test_what_is_destroyed_can_be_refused(changed: Reviewed) -> None:
    review = changed(("rollups", "totals"))
    found = refusal(review, on_widening=False, on_destroy=True)
    assert found
    assert found.exit_code == 1
    assert found.message.startswith("the plan destroys aws_dynamodb_table.rollups, ")
    assert refusal(review, on_widening=False, on_destroy=False) is None


DEVICES = """\
version: 1
pipeline: small
devices:
  sensors: {publish: ["dt/{device}/telemetry"], subscribe: ["cmd/{device}/#"]}
"""


def test_devices_get_what_their_topics_ask_for() -> None:
    spec = compiled(DEVICES)
    review = review_of(spec, contents(None, spec))
    assert review.permissions.differences
    assert review.widening == ()


def test_an_override_that_gives_devices_every_topic_is_wide() -> None:
    spec = compiled(DEVICES)
    every = {
        "Effect": "Allow",
        "Action": "iot:Publish",
        "Resource": "arn:aws:iot:us-east-1:123456789012:topic/*",
    }
    there = contents(None, spec)
    [made] = [one for one in there.changes if one.type == "aws_iot_policy"]
    statements = json.loads((made.after or {})["policy"])["Statement"]
    wide = replace(made, after={**(made.after or {}), "policy": policy(*statements, every)})
    others = tuple(one for one in there.changes if one is not made)
    review = review_of(spec, Contents(changes=(wide, *others), deployed=there.deployed))
    assert [one.resource for one in review.widening] == [every["Resource"]]


ATTACHED = """\
version: 1
pipeline: p
defaults: {function: {access: {policies: [CloudWatchLambdaInsightsExecutionRolePolicy]}}}
functions:
  reader: {source: h}
"""


def test_a_policy_that_the_spec_attaches_has_its_line_and_is_not_wide() -> None:
    after = compiled(ATTACHED)
    (first,) = words(review_of(after, contents(None, after)))[:1]
    policy = "arn:aws:iam::aws:policy/CloudWatchLambdaInsightsExecutionRolePolicy"
    assert first == f"reader may do what the policy {policy} allows"
    before = compiled(ATTACHED.replace("[Cloud", "[AWSLambdaRole, Cloud"))
    arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaRole"
    assert words(review_of(after, contents(before, after))) == [f"reader loses what the policy {arn} allows"]
    assert words(review_of(before, contents(after, before))) == [
        f"reader may do what the policy {arn} allows"
    ]


def test_a_role_that_is_made_anew_loses_no_policy(small: Compiled) -> None:
    policy = "arn:aws:iam::aws:policy/X"
    role = updated(
        "aws_iam_role.reader",
        {"managed_policy_arns": [policy]},
        {},
        after_unknown={"managed_policy_arns": True},
    )
    attachment = updated(
        "aws_iam_role_policy_attachment.reader__aws_X",
        {"role": "reader-dev", "policy_arn": policy},
        {"role": "reader-role-dev", "policy_arn": policy},
    )
    assert words(of(small, role, attachment)) == []
