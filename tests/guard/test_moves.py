"""What only a new key destroys: recognized by equal settings, and kept by `renamed_from`."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import pytest

from iotgen.guard.held import Held
from iotgen.guard.losses import losses
from iotgen.guard.moves import Move, moves
from iotgen.model.contents import Amount
from iotgen.terraform.plan import Change

if TYPE_CHECKING:
    from tests.conftest import Compile

FULL, EMPTY = Amount("3 items", empty=False), Amount("0 items", empty=True)
TABLE = {"billing_mode": "PAY_PER_REQUEST", "hash_key": "id", "attribute": [{"name": "id", "type": "S"}]}


def table(label: str, **settings: Any) -> dict[str, Any]:
    return TABLE | {"name": f"{label.replace('_', '-')}-dev", "ttl": []} | settings


def destroyed(address: str, before: dict[str, Any]) -> Change:
    type_, label = address.split(".")
    return Change(address=address, type=type_, label=label, actions=("delete",), before=before)


def created(address: str, after: dict[str, Any], unknown: Any = None) -> Change:
    type_, label = address.split(".")
    unknown = {"arn": True, "id": True, "ttl": [{}]} if unknown is None else unknown
    return Change(
        address=address, type=type_, label=label, actions=("create",), after=after, after_unknown=unknown
    )


def replaced(address: str, before: dict[str, Any], after: dict[str, Any]) -> Change:
    type_, label = address.split(".")
    return Change(
        address=address, type=type_, label=label, actions=("delete", "create"), before=before, after=after
    )


@pytest.fixture
def found(compile_spec: Compile) -> Any:
    """The moves of a plan for a spec."""

    def find(spec: str, *changes: Change, full: Collection[str] | None = None) -> tuple[Move, ...]:
        pipeline = compile_spec(f"version: 1\npipeline: p\n{spec}").pipeline
        assert pipeline
        lost = losses(changes)
        names = {loss.name for loss in lost} if full is None else full
        all_held = [Held(loss, FULL if loss.name in names else EMPTY) for loss in lost]
        return moves(all_held, changes, pipeline)

    return find


# As a state has what the spec does not set.
DEPLOYED = table("sensor_data", ttl=[{"enabled": False}], table_class="STANDARD")
NEW = "tables: {readings: {partition_key: {id: string}}}"
GONE = destroyed("aws_dynamodb_table.sensor_data", DEPLOYED)
LIKE = created("aws_dynamodb_table.readings", table("readings", ttl=None, table_class=None))


def test_a_renamed_table_is_recognized_with_the_text_that_keeps_it(found: Any) -> None:
    (move,) = found(NEW, GONE, LIKE)
    assert (move.old, move.key, move.others) == ("sensor-data", "readings", ())
    assert (move.path, move.name) == (("tables", "readings"), "sensor-data-dev")
    assert move.setting == "tables:\n  readings:\n    renamed_from: [sensor-data]"


def test_what_holds_nothing_needs_no_move(found: Any) -> None:
    assert found(NEW, GONE, LIKE, full=()) == ()


@pytest.mark.parametrize(
    "gone",
    [
        destroyed("aws_dynamodb_table.sensor_data", table("sensor_data", hash_key="other")),
        destroyed(
            "aws_dynamodb_table.sensor_data",
            table("sensor_data", attribute=[*TABLE["attribute"], {"name": "at", "type": "S"}]),
        ),
        destroyed("aws_sqs_queue.sensor_data", {"name": "sensor-data-dev", "url": "https://sqs/"}),
    ],
)
def test_another_kind_or_other_settings_are_no_renaming(found: Any, gone: Change) -> None:
    assert found(NEW, gone, LIKE) == ()


def test_a_table_of_the_projects_own_terraform_is_no_key_of_the_spec(found: Any) -> None:
    own = created("aws_dynamodb_table.own", table("own"))
    assert found(NEW, GONE, own) == ()


def test_of_several_the_most_similar_key_comes_first_and_the_others_are_named(found: Any) -> None:
    (move,) = found(
        "tables: {a: {partition_key: {id: string}}, sensor-rows: {partition_key: {id: string}}}",
        GONE,
        created("aws_dynamodb_table.a", table("a")),
        created("aws_dynamodb_table.sensor_rows", table("sensor_rows")),
    )
    assert (move.key, move.others) == ("sensor-rows", ("a",))


def _queue(key: str, account: str = "1") -> dict[str, Any]:
    arn = f"arn:aws:sqs:us-east-1:{account}:{key}"
    return {
        "name": f"{key}-dev",
        "policy": json.dumps({"Statement": [{"Resource": f"{arn}-dev", "Sid": "DenyWithoutTls"}]}),
        "redrive_policy": json.dumps({"maxReceiveCount": 5, "deadLetterTargetArn": f"{arn}-dlq-dev"}),
    }


def test_a_queue_is_recognized_although_its_policies_name_it(found: Any) -> None:
    (move,) = found(
        "queues: {jobs: {}}",
        destroyed("aws_sqs_queue.work", _queue("work")),
        destroyed("aws_sqs_queue.work_dlq", {"name": "work-dlq-dev"}),
        created("aws_sqs_queue.jobs", _queue("jobs"), {"arn": True}),
        created("aws_sqs_queue.jobs_dlq", {"name": "jobs-dlq-dev"}),
    )
    assert (move.old, move.key) == ("work", "jobs")


def test_a_dead_letter_queue_that_holds_something_is_kept_with_its_queue(found: Any) -> None:
    gone, left = destroyed("aws_sqs_queue.work", _queue("work")), {"name": "work-dlq-dev"}
    changes = (
        gone,
        destroyed("aws_sqs_queue.work_dlq", left),
        created("aws_sqs_queue.jobs", _queue("jobs"), {"arn": True}),
        created("aws_sqs_queue.jobs_dlq", {"name": "jobs-dlq-dev"}),
    )
    (move,) = found("queues: {jobs: {}}", *changes, full={"work-dlq"})
    assert (move.old, move.key, move.name) == ("work", "jobs", "work-dev")


def test_a_queue_that_was_renamed_before_has_both_keys_in_the_text(found: Any) -> None:
    (move,) = found(
        "queues: {jobs: {renamed_from: [first]}}",
        destroyed("aws_sqs_queue.work", _queue("first")),
        created("aws_sqs_queue.jobs", _queue("first"), {}),
    )
    assert move.setting == "queues:\n  jobs:\n    renamed_from: [first, work]"


def test_the_key_that_made_the_name_comes_first_where_the_spec_has_forgotten_it(found: Any) -> None:
    gone = destroyed("aws_dynamodb_table.sensor_data", table("oldest"))
    (move,) = found(NEW, gone, LIKE)
    assert (move.old, move.former) == ("sensor-data", ("oldest", "sensor-data"))


def test_a_key_that_was_the_first_one_is_so_again(found: Any) -> None:
    gone = destroyed("aws_dynamodb_table.sensor_data", table("readings"))
    (move,) = found(NEW, gone, LIKE)
    assert move.former == ("readings", "sensor-data")


def test_a_name_that_no_key_makes_cannot_be_kept(found: Any) -> None:
    gone = destroyed("aws_dynamodb_table.sensor_data", table("sensor_data", name="own"))
    assert found(NEW, gone, LIKE) == ()


def test_a_name_that_the_spec_has_needs_only_the_move(found: Any) -> None:
    settings = {"bucket": "acme-dev", "force_destroy": True}
    (move,) = found(
        'buckets: {files: {name: "acme-{suffix}"}}',
        destroyed("aws_s3_bucket.b", settings),
        created("aws_s3_bucket.files", settings),
    )
    assert move.former == ("b",)


def test_a_renaming_that_is_taken_back_is_recognized_in_the_name(found: Any) -> None:
    (move,) = found(NEW, replaced("aws_dynamodb_table.readings", table("sensor_data"), table("readings")))
    assert move.setting == "tables:\n  readings:\n    renamed_from: [sensor-data]"


def test_a_replacement_for_another_reason_is_none(found: Any) -> None:
    change = replaced("aws_dynamodb_table.readings", table("readings"), table("readings", hash_key="x"))
    assert found(NEW, change) == ()


def test_what_is_known_after_the_apply_only_is_not_compared(found: Any) -> None:
    name = "b-dev-1-us-east-1"
    (move,) = found(
        "buckets: {files: {}}",
        destroyed("aws_s3_bucket.b", {"bucket": name, "force_destroy": True, "grant": [{"id": "x"}]}),
        created(
            "aws_s3_bucket.files",
            {"bucket": "files-dev-1-us-east-1", "force_destroy": True, "grant": [{"id": None}]},
            {"grant": [{"id": True}]},
        ),
    )
    assert (move.key, move.name) == ("files", name)
