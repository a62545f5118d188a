"""Patterns of events name resources of the spec, as events do; what they name has to be there."""

from __future__ import annotations

import json
from typing import Any

from tests.conftest import as_text, compile_spec

HEAD = """\
version: 1
pipeline: p
buckets: {images: {}, theirs: {existing: their-bucket}}
tables: {readings: {partition_key: {id: string}}}
workflows: {orders: {definition: {StartAt: A, States: {A: {Type: Succeed}}}}}
"""


def _spec(pattern: str) -> str:
    return f"{HEAD}functions: {{f: {{source: h, triggers: [{{event: {pattern}}}]}}}}\n"


def _rendered(pattern: str) -> Any:
    files = dict(compile_spec(_spec(pattern)).files)
    return json.loads(files["functions.tf.json"])["locals"]["f__event__1__pattern"]


def test_a_pattern_has_the_names_on_aws_and_a_workflows_arn() -> None:
    detail = '{a: ["${buckets.images}"], b: [{prefix: "${tables.readings}"}], c: ["${workflows.orders}"]}'
    account = "${data.aws_caller_identity.current.account_id}"
    partition = "${data.aws_partition.current.partition}"
    assert _rendered(f"{{detail: {detail}}}")["detail"] == {
        "a": [f"images-dev-{account}-us-east-1"],
        "b": [{"prefix": "readings-dev"}],
        "c": [f"arn:{partition}:states:us-east-1:{account}:stateMachine:orders-dev"],
    }


def test_a_pattern_may_say_which_of_name_and_arn() -> None:
    detail = '{a: ["${workflows.orders.name}", "${buckets.theirs.name}", "${buckets.theirs.arn}"]}'
    arn = "arn:${data.aws_partition.current.partition}:s3:::their-bucket"
    assert _rendered(f"{{detail: {detail}}}")["detail"]["a"] == ["orders-dev", "their-bucket", arn]


def test_placeholders_are_filled_in() -> None:
    pattern = '{source: ["{pipeline}.{suffix}.{region}"], account: ["{account}"]}'
    account = "${data.aws_caller_identity.current.account_id}"
    assert _rendered(pattern) == {"source": ["p.dev.us-east-1"], "account": [account]}


def test_what_a_pattern_names_has_to_be_there() -> None:
    found = compile_spec(
        _spec('{source: ["${suffix}", "${buckets.image}", "${bucket.images}", "${tables.x.y}"]}')
    )
    assert as_text(found.problems) == (
        "spec.yaml:6:57: IOT201 nothing fills in `${suffix}`\n"
        "    Write `{suffix}`.\n"
        "spec.yaml:6:70: IOT201 there is no bucket `image`; did you mean `images`?\n"
        "spec.yaml:6:90: IOT201 nothing fills in `${bucket.images}`; did you mean `${buckets.images}`?\n"
        "spec.yaml:6:110: IOT201 nothing fills in `${tables.x.y}`\n"
        "    Write `${tables.x.arn}` or `.name`.\n"
    )
