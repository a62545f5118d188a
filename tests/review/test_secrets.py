"""No form of a review has a sensitive value, whatever a plan holds."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from iotgen.review.data import data, drift_data
from iotgen.review.markdown import markdown
from iotgen.review.review import review, without_spec
from iotgen.review.text import drift, text
from iotgen.terraform.plan import Contents
from tests.review.conftest import SPEC, compiled

SMALL = compiled(SPEC)
SECRET = "s3cr3t"
TYPES = st.sampled_from(
    [
        "aws_ssm_parameter",
        "aws_iam_role_policy",
        "aws_lambda_function",
        "aws_lambda_permission",
        "aws_own_thing",
    ]
)
NAMES = st.sampled_from(
    ["policy", "value", "name", "policy_arn", "inline_policy", "environment", "source_arn"]
)
ACTIONS = st.sampled_from([["create"], ["update"], ["delete"], ["delete", "create"], ["no-op"]])


def _policy(secret: str) -> str:
    statement = {"Effect": "Allow", "Action": secret, "Resource": secret, "Principal": {"AWS": secret}}
    return json.dumps({"Statement": [{**statement, "Condition": {"StringEquals": {secret: secret}}}]})


@st.composite
def values(draw: st.DrawFn, depth: int = 2) -> tuple[Any, Any]:
    """A value and its mask; what the mask covers is a secret."""
    if draw(st.booleans()):
        secret = f"{SECRET}{draw(st.integers(0, 9))}"
        return draw(
            st.sampled_from([secret, {secret: secret}, [secret], _policy(secret), [{"a": secret}]])
        ), True
    plain: Any = draw(st.sampled_from([None, 1, "plain", [], {}, _policy("plain")]))
    if depth == 0 or draw(st.booleans()):
        return plain, draw(st.sampled_from([False, {}]) if isinstance(plain, dict) else st.just(False))
    if draw(st.booleans()):
        inner = draw(st.dictionaries(NAMES, values(depth - 1), max_size=3))
        return {key: pair[0] for key, pair in inner.items()}, {key: pair[1] for key, pair in inner.items()}
    listed = draw(st.lists(values(depth - 1), max_size=2))
    return [pair[0] for pair in listed], [pair[1] for pair in listed]


@st.composite
def sides(draw: st.DrawFn) -> tuple[Any, Any]:
    """The attributes of a resource, with their mask."""
    attributes = draw(st.dictionaries(NAMES, values(), max_size=4))
    return {name: pair[0] for name, pair in attributes.items()}, {
        name: pair[1] for name, pair in attributes.items()
    }


@st.composite
def changes(draw: st.DrawFn) -> dict[str, Any]:
    """A change of a resource, as Terraform's JSON has it."""
    type_, label, actions = draw(TYPES), draw(st.sampled_from(["reader", "api_key", "other"])), draw(ACTIONS)
    before, before_sensitive = draw(sides()) if actions != ["create"] else (None, False)
    after, after_sensitive = draw(sides()) if actions != ["delete"] else (None, False)
    unknown = draw(st.dictionaries(NAMES, st.booleans(), max_size=2))
    change = {
        "actions": actions,
        "before": before,
        "after": after,
        "after_unknown": unknown,
        "before_sensitive": before_sensitive,
        "after_sensitive": after_sensitive,
        "replace_paths": [["value"]],
    }
    return {"address": f"{type_}.{label}", "mode": "managed", "type": type_, "name": label, "change": change}


@given(st.lists(changes(), max_size=4), st.lists(changes(), max_size=2))
def test_no_sensitive_value_is_in_any_form(planned: list[Any], drifted: list[Any]) -> None:
    contents = Contents.of({"resource_changes": planned, "resource_drift": drifted})
    assert SMALL.pipeline
    with_spec = review(SMALL.pipeline, SMALL.document, {}, contents)
    for one in (with_spec, without_spec("dev", contents)):
        forms = [text(one), markdown(one), drift(one), json.dumps(data(one)), json.dumps(drift_data(one))]
        assert SECRET not in "".join(forms)
        assert SECRET not in repr(one)
