from typing import Any

import pytest

from iotgen.terraform.plan import Action, Contents, PlanSummary


def change(address: str, *actions: str, **more: Any) -> dict[str, Any]:
    return {"address": address, "change": {"actions": list(actions)}, **more}


def summarize(shown: dict[str, Any]) -> PlanSummary:
    return PlanSummary.of(Contents.of(shown))


def test_each_resource_is_in_one_list() -> None:
    summary = summarize(
        {
            "resource_changes": [
                change("t.b", "create"),
                change("t.a", "create"),
                change("t.c", "update"),
                change("t.d", "delete"),
                change("t.e", "delete", "create"),
                change("t.f", "create", "delete"),
                change("t.g", "no-op"),
                change("t.k", "forget"),
                change("data.h", "read", mode="data"),
            ],
            "output_changes": {"same": {"actions": ["no-op"]}, "url": {"actions": ["update"]}},
        }
    )
    assert summary == PlanSummary(
        add=("t.a", "t.b"),
        change=("t.c",),
        destroy=("t.d",),
        replace=("t.e", "t.f"),
        outputs=("url",),
        fresh=True,
    )
    assert not summary.empty


def test_no_changes_is_empty() -> None:
    assert summarize({"resource_changes": [change("t.g", "no-op")]}).empty
    assert summarize({}).empty


def attributes_of(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"prior_state": {"values": {"root_module": {"resources": list(resources)}}}}


MANAGED = {"mode": "managed", "address": "t.a", "values": {"id": "1"}}
IN_A_MODULE = {
    "prior_state": {"values": {"root_module": {"child_modules": [{"resources": [MANAGED]}]}}},
}


@pytest.mark.parametrize(
    ("prior", "fresh"),
    [
        ({}, True),
        ({"prior_state": {}}, True),
        (attributes_of({"mode": "data", "address": "data.t.a", "values": {}}), True),
        (attributes_of(MANAGED), False),
        (IN_A_MODULE, False),
    ],
)
def test_whether_anything_was_there_before(prior: dict[str, Any], fresh: bool) -> None:
    contents = Contents.of(prior)
    assert PlanSummary.of(contents).fresh is fresh
    assert contents.deployed == ({} if fresh else {"t.a": {"id": "1"}})


def test_a_change_has_what_a_reviewer_needs() -> None:
    shown = {
        "resource_changes": [
            {
                "address": 'aws_sqs_queue.new["a"]',
                "previous_address": "aws_sqs_queue.old",
                "mode": "managed",
                "type": "aws_sqs_queue",
                "name": "new",
                "index": "a",
                "change": {
                    "actions": ["delete", "create"],
                    "before": {"name": "old", "policy": "secret"},
                    "after": {"name": "new", "policy": "secret"},
                    "after_unknown": {"url": True},
                    "before_sensitive": {"policy": True},
                    "after_sensitive": {},
                    "replace_paths": [["name"], ["tags", 0]],
                },
                "action_reason": "replace_because_cannot_update",
            }
        ],
        "resource_drift": [change("t.a", "update"), change("data.t.b", "update", mode="data")],
    }
    contents = Contents.of(shown)
    (one,) = contents.changes
    assert (one.address, one.type, one.label) == ('aws_sqs_queue.new["a"]', "aws_sqs_queue", "new")
    assert (one.action, one.previous_address) == (Action.REPLACE, "aws_sqs_queue.old")
    assert one.replace_paths == (("name",), ("tags", 0))
    assert one.before == {"name": "old", "policy": "secret"}
    assert (one.after_unknown, one.before_sensitive, one.after_sensitive) == (
        {"url": True},
        {"policy": True},
        {},
    )
    assert one.reason == "replace_because_cannot_update"
    assert not one.deposed
    assert [drifted.address for drifted in contents.drift] == ["t.a"]
    assert "secret" not in repr(contents)
