from typing import Any

import pytest

from iotgen.terraform.plan import PlanSummary, summarize


def change(address: str, *actions: str) -> dict[str, Any]:
    return {"address": address, "change": {"actions": list(actions)}}


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
                change("data.h", "read"),
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


MANAGED = {"resources": [{"mode": "managed"}]}


@pytest.mark.parametrize(
    ("prior", "fresh"),
    [
        ({}, True),
        ({"prior_state": {}}, True),
        ({"prior_state": {"values": {"root_module": {"resources": [{"mode": "data"}]}}}}, True),
        ({"prior_state": {"values": {"root_module": {"resources": [{"mode": "managed"}]}}}}, False),
        ({"prior_state": {"values": {"root_module": {"child_modules": [MANAGED]}}}}, False),
    ],
)
def test_whether_anything_was_there_before(prior: dict[str, Any], fresh: bool) -> None:
    assert summarize(prior).fresh is fresh
