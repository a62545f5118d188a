"""Code on AWS that Terraform does not see."""

from typing import Any

import pytest

from iotgen.review.code import Stale, published, stale_code, with_code
from iotgen.terraform.plan import Change, Contents


def function(
    rendered: str, known: str, on_aws: str | None, actions: tuple[str, ...] = ("no-op",)
) -> Contents:
    shared: dict[str, Any] = {"function_name": "f-dev", "filename": "./artifacts/f.zip"}
    digest = {} if on_aws is None else {"code_sha256": on_aws}
    change = Change(
        address="aws_lambda_function.f",
        type="aws_lambda_function",
        label="f",
        actions=actions,
        before={**shared, **digest, "source_code_hash": known},
        after={**shared, **digest, "source_code_hash": rendered},
    )
    return Contents(changes=(change,))


@pytest.mark.parametrize("actions", [("no-op",), ("update",)])
def test_other_code_on_aws_is_put_back_even_where_terraform_would_leave_it(actions: tuple[str, ...]) -> None:
    contents = function("a", "a", "b", actions)
    assert stale_code(contents) == (Stale("f-dev", "./artifacts/f.zip"),)
    (change,) = with_code(contents).changes
    assert (change.actions, change.before and change.before["source_code_hash"]) == (("update",), "b")


@pytest.mark.parametrize(
    "contents",
    [
        pytest.param(function("a", "a", "a"), id="same"),
        pytest.param(function("b", "a", "b", ("update",)), id="terraform uploads it"),
        pytest.param(function("a", "a", None), id="an older provider compares it itself"),
        pytest.param(function("a", "a", "b", ("delete",)), id="destroyed"),
    ],
)
def test_the_rest_is_terraforms(contents: Contents) -> None:
    assert stale_code(contents) == ()
    assert with_code(contents) == contents


@pytest.mark.parametrize(
    ("before", "unknown", "expected"),
    [
        pytest.param({"publish": True}, {"version": True}, {"f"}, id="another version"),
        pytest.param({"publish": True}, {"last_modified": True}, set(), id="the same version"),
        pytest.param({"publish": False}, {"version": True}, set(), id="its first version, live at once"),
    ],
)
def test_new_versions_are_those_of_functions_that_have_one(
    before: dict[str, Any], unknown: dict[str, Any], expected: set[str]
) -> None:
    change = Change(
        address="aws_lambda_function.f",
        type="aws_lambda_function",
        label="f",
        actions=("update",),
        before=before,
        after={"publish": True},
        after_unknown=unknown,
    )
    assert published(Contents(changes=(change,))) == expected
