"""Buckets tell EventBridge of their objects where a pattern of the spec is on these."""

from __future__ import annotations

import json

import pytest

from tests.conftest import compile_spec

HEAD = """\
version: 1
pipeline: p
buckets: {images: {}, inbox: {}, theirs: {existing: their-bucket}}
"""


def _telling(trigger: str, more: str = "") -> dict[str, bool | None]:
    spec = f"{HEAD}functions: {{f: {{source: h, triggers: [{{{trigger}}}]}}{more}}}\n"
    files = dict(compile_spec(spec).files)
    resources = json.loads(files["buckets.tf.json"])["resource"]
    sets = resources.get("aws_s3_bucket_notification", {})
    return {key: one.get("eventbridge") for key, one in sets.items()}


@pytest.mark.parametrize(
    ("pattern", "telling"),
    [
        ("{source: [aws.s3]}", {"images", "inbox"}),
        ("{source: [{prefix: aws.}]}", {"images", "inbox"}),
        ('{source: [aws.s3], detail: {bucket: {name: ["${buckets.images}"]}}}', {"images"}),
        ('{source: [aws.s3], detail: {bucket: {name: ["inbox-{suffix}-{account}-{region}"]}}}', {"inbox"}),
        ("{source: [aws.s3], detail: {bucket: {name: [{prefix: images-}]}}}", {"images"}),
        ('{source: [aws.s3], detail: {bucket: {name: [{wildcard: "i*"}]}}}', {"images", "inbox"}),
        ('{source: [aws.s3], resources: ["${buckets.inbox.arn}"]}', {"inbox"}),
        ("{source: [aws.s3], detail: {bucket: {name: [another]}}}", set()),
        ('{source: [aws.s3], detail: {bucket: {name: ["${buckets.theirs}"]}}}', set()),
        ("{source: [aws.s3], detail-type: [AWS API Call via CloudTrail]}", set()),
        ("{source: [aws.states]}", set()),
        ("{source: [aws.s3]}, bus: aws.partner/example.com/orders", set()),
    ],
)
def test_the_buckets_that_a_pattern_is_on_tell_eventbridge(pattern: str, telling: set[str]) -> None:
    assert _telling(f"event: {pattern}") == dict.fromkeys(telling, True)


def test_a_bucket_has_one_set_of_notifications() -> None:
    more = ", g: {source: g, triggers: [{bucket: images}]}"
    assert _telling("event: {source: [aws.s3]}", more) == {"images": True, "inbox": True}


def test_a_bucket_that_a_function_is_triggered_by_tells_eventbridge_of_nothing() -> None:
    assert _telling("bucket: images") == {"images": None}
