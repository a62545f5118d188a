"""Which settings a review names, with which values."""

from typing import Any

import pytest

from iotgen.review.settings import Mark, Setting, differing
from iotgen.terraform.plan import Change


def change(before: Any, after: Any, **more: Any) -> Change:
    return Change(
        address="aws_x.y", type="aws_x", label="y", actions=("update",), before=before, after=after, **more
    )


def named(*arguments: Any, **more: Any) -> dict[str, tuple[Any, Any]]:
    return {one.name: (one.before, one.after) for one in differing(change(*arguments, **more))}


@pytest.mark.parametrize(
    ("before", "after", "named_settings"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, {"b": (2, 3)}),
        ({"a": None}, {"a": []}, {}),
        ({"a": ""}, {"a": None}, {}),
        ({"a": False}, {"a": None}, {"a": (False, None)}),
        ({"a": {"b": 1}}, {"a": {"c": 1}}, {"a.b": (1, None), "a.c": (None, 1)}),
        ({"a": [{"b": 1, "c": 1}]}, {"a": [{"b": 2, "c": 1}]}, {"a.b": (1, 2)}),
        ({"a": [{"b": 1}, {"b": 2}]}, {"a": [{"b": 2}]}, {"a[0]": ({"b": 1}, None)}),
        ({"a": ["x", "y"]}, {"a": ["x"]}, {"a": (["x", "y"], ["x"])}),
        ({"a": '{"x": 1, "y": 2}'}, {"a": '{"y":2,"x":1}'}, {}),
        ({"a": '{"x": {"y": 1}}'}, {"a": '{"x": {"y": 2}}'}, {"a.x.y": (1, 2)}),
        ({"a": '{"x": 1}'}, {"a": "text"}, {"a": ('{"x": 1}', "text")}),
        ({"a": '{"x": '}, {"a": '{"y": '}, {"a": ('{"x": ', '{"y": ')}),
    ],
)
def test_what_differs_is_named_as_deep_as_both_have_it(
    before: Any, after: Any, named_settings: dict[str, tuple[Any, Any]]
) -> None:
    assert named(before, after) == named_settings


def test_a_sensitive_value_is_compared_and_not_shown() -> None:
    marks = {"before_sensitive": {"a": True, "b": True}, "after_sensitive": {"a": True, "b": True}}
    assert named({"a": "one", "b": "same"}, {"a": "two", "b": "same"}, **marks) == {
        "a": (Mark.SENSITIVE, Mark.SENSITIVE)
    }


def test_what_is_sensitive_on_one_side_or_within_is_hidden() -> None:
    assert named({"a": "s"}, {"a": "t"}, after_sensitive={"a": True}) == {"a": ("s", Mark.SENSITIVE)}
    assert named({"a": None}, {"a": {"b": "s", "c": 1}}, after_sensitive={"a": {"b": True}}) == {
        "a": (None, {"b": Mark.SENSITIVE, "c": 1})
    }
    assert named({"a": "s"}, {"a": "t"}, before_sensitive=True, after_sensitive=True) == {
        "": (Mark.SENSITIVE, Mark.SENSITIVE)
    }
    # A mask that does not fit the value hides all of it.
    assert named({"a": "s"}, {"a": "t"}, after_sensitive={"a": {"b": True}}) == {"a": ("s", Mark.SENSITIVE)}


def test_what_only_aws_will_say_is_named_if_the_configuration_has_it() -> None:
    unknown = {"after_unknown": {"a": True, "b": [{"c": True}]}}
    before: Any = {"a": "x", "b": [{"c": 1}]}
    after: Any = {"b": [{}]}
    assert named(before, after, **unknown) == {"a": ("x", Mark.UNKNOWN), "b.c": (1, Mark.UNKNOWN)}
    assert named(before, after, configured={"b": [{"c": True}]}, **unknown) == {"b.c": (1, Mark.UNKNOWN)}
    assert named(before, after, configured={"b": [{}]}, **unknown) == {}


def test_what_forces_a_replacement_comes_first() -> None:
    settings = differing(
        change({"a": 1, "b": [{"c": 1}]}, {"a": 2, "b": [{"c": 2}]}, replace_paths=(("b", 0, "c"),))
    )
    assert settings == (Setting(("b", 0, "c"), 1, 2, forces=True), Setting(("a",), 1, 2))
