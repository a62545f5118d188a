"""Deliveries: what their settings mean, beside what the golden files show."""

from __future__ import annotations

from typing import Any

import pytest

from iotgen.kinds.deliveries import Delivery
from tests.conftest import compile_spec

HEAD = "version: 1\npipeline: p\nbuckets: {lake: {}}\n"


def _delivery(settings: str) -> Delivery:
    compiled = compile_spec(f"{HEAD}deliveries: {{d: {{bucket: lake, {settings}}}}}\n", rules=())
    return compiled.model.get(Delivery, "d")


def test_the_keys_of_partitions_are_between_the_prefix_and_the_date() -> None:
    one = _delivery("prefix: raw/, partition_by: {device: .device_id, kind: .kind}")
    device, kind = (f"{key}=!{{partitionKeyFromQuery:{key}}}/" for key in ("device", "kind"))
    assert one.object_prefix == f"raw/{device}{kind}!{{timestamp:yyyy/MM/dd}}/"


def test_errors_have_no_partition() -> None:
    assert _delivery("partition_by: {device: .device_id}").error_prefix.startswith("errors/d/!{firehose:")


@pytest.mark.parametrize(
    ("query", "value"),
    [(".device_id", ".device_id"), (".at[0:4]", ".at[0:4]"), ('.a + "," + .b', '(.a + "," + .b)')],
)
def test_a_query_is_one_value_of_the_object_that_jq_makes(query: str, value: str) -> None:
    assert _delivery(f"partition_by: {{device: '{query}'}}").partition_query == f"{{device:{value}}}"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("partition_by: {device: .id}, buffer: {size: 32}", "`size` must be at least 64"),
        ("partition_by: {device: .id}, buffer: {seconds: 0}", "`seconds` must be at least 1"),
        (
            "deaggregate: json",
            "`deaggregate` needs `partition_by`: Firehose takes records apart for their partitions",
        ),
        (
            "partition_by: {device-id: .id}",
            "`device-id` cannot be a key here: use letters, digits and underscores, beginning with a letter",
        ),
    ],
)
def test_what_firehose_does_not_take_is_told(settings: str, message: str) -> None:
    problems: Any = compile_spec(
        f"{HEAD}deliveries: {{d: {{bucket: lake, {settings}}}}}\n", rules=()
    ).problems
    assert message in [one.message for one in problems]
