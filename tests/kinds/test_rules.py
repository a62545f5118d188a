"""Rules of AWS IoT: what their settings mean, beside what the golden files show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from iotgen.cost import Load, bill, read_measured, read_prices, traffic
from iotgen.kinds.functions import Function
from iotgen.kinds.rules import KeepingRule, Rule
from iotgen.model.expression import Joined, Reference
from iotgen.model.trigger import Occasion
from iotgen.triggers.iot import IOT_TRIGGER, IotTrigger
from tests.conftest import as_text, compile_spec

if TYPE_CHECKING:
    from iotgen.model.pipeline import Pipeline

SPEC = """\
version: 1
pipeline: p
queues: {jobs: {}, failed: {}}
tables: {rows: {partition_key: {device: string}}}
rules: {tele-metry: {sql: "SELECT *, topic(2) AS device FROM 'dt/+'", to: [{queue: jobs}, {table: rows}]}}
functions:
  store: {source: h, triggers: [{queue: jobs}]}
  watch:
    source: h
    triggers:
      - {iot: "SELECT *, topic(2) AS device FROM 'al/+'"}
      - {queue: failed}
      - {iot: "SELECT celsius, topic(2) AS device FROM 'st/+'", on_error: {queue: failed}}
      - {iot: "SELECT state.*, topic(2) AS device FROM 'sh/+'", on_error: {queue: failed}}
"""


def _pipeline() -> Pipeline:
    return compile_spec(SPEC).model


def test_a_rule_has_its_key_as_its_name_with_underscores() -> None:
    names = {rule.key: rule.name for rule in _pipeline().all(Rule)}
    assert names == {
        "tele-metry": "tele_metry_dev",
        "watch-iot": "watch_iot_dev",
        "watch-iot-2": "watch_iot_2_dev",
        "watch-iot-3": "watch_iot_3_dev",
    }


def test_what_fails_is_kept_unless_it_goes_elsewhere() -> None:
    kept = {rule.key for rule in _pipeline().all(Rule) if isinstance(rule, KeepingRule)}
    assert kept == {"tele-metry", "watch-iot"}


def test_a_trigger_is_a_rule_with_the_function_as_its_target() -> None:
    rule = _pipeline().get(Rule, "watch-iot-2")
    assert [target.head for target in rule.targets] == [("functions", "watch")]
    assert rule.on_error.head == ("queues", "failed")
    assert rule.path == ("functions", "watch", "triggers", 2)


def test_functions_that_sql_calls_permit_the_rule_once_and_are_called_by_their_alias() -> None:
    pipeline = compile_spec("""\
version: 1
pipeline: p
rules:
  decoded:
    sql: "SELECT aws_lambda('${functions.decode}', *) AS a, aws_lambda('${functions.shift.arn}', *) FROM 'dt'"
    to: [{function: decode}]
functions:
  decode: {source: h}
  shift: {source: h, rollout: all_at_once}
""").model
    rule = pipeline.get(Rule, "decoded")
    assert rule.called.keys() == {"decode", "shift"}
    assert isinstance(rule.statement, Joined)
    assert rule.statement.parts == (
        "SELECT aws_lambda('",
        Reference("aws_lambda_function.decode.arn"),
        "', *) AS a, aws_lambda('",
        Reference("aws_lambda_alias.shift.arn"),
        "', *) FROM 'dt'",
    )


def test_a_function_that_sql_calls_has_to_be_there() -> None:
    found = compile_spec("""\
version: 1
pipeline: p
rules: {r: {sql: "SELECT aws_lambda('${functions.decoder}', *) AS a FROM 'dt'", to: [{function: decode}]}}
functions: {decode: {source: h}}
""")
    assert as_text(found.problems) == (
        "spec.yaml:3:18: IOT201 there is no function `decoder`; did you mean `decode`?\n"
    )


def test_sql_names_tables_and_roles() -> None:
    pipeline = compile_spec("""\
version: 1
pipeline: p
tables: {devices: {partition_key: {id: string}}}
roles: {lookup: {assumed_by: [{service: iot.amazonaws.com}], access: {tables: {devices: get}}}}
rules:
  r:
    sql: "SELECT get_dynamodb('${tables.devices}', 'id', topic(2), '${roles.lookup}') AS d FROM 'a/+'"
    to: [{function: f}]
  plain: {sql: "SELECT get_secret('${secrets.key}', 's', 'arn:x') AS d FROM 'a'", to: [{function: f}]}
secrets: {key: {}}
functions: {f: {source: h}}
""").model
    statement = pipeline.get(Rule, "r").statement
    assert str(statement) == (
        "SELECT get_dynamodb('devices-dev', 'id', topic(2), '${aws_iam_role.lookup__for_others.arn}') AS d "
        "FROM 'a/+'"
    )
    assert pipeline.get(Rule, "plain").statement == "SELECT get_secret('key-dev', 's', 'arn:x') AS d FROM 'a'"


def test_what_sql_names_has_to_be_there() -> None:
    found = compile_spec("""\
version: 1
pipeline: p
tables: {devices: {partition_key: {id: string}}}
rules:
  r: {sql: "SELECT get_dynamodb('${tables.device}', 'id', 'x', '${role}') AS d FROM 'a'", to: [{function: f}]}
functions: {f: {source: h}}
""")
    assert as_text(found.problems) == (
        "spec.yaml:5:12: IOT201 there is no table `device`; did you mean `devices`?\n"
        "spec.yaml:5:65: IOT201 nothing fills in `${role}`\n"
        "    Write `${tables.KEY}`, `${buckets.KEY}` and so on, or the value itself.\n"
    )


def test_the_key_of_an_item_has_the_types_of_the_table() -> None:
    rule = compile_spec("""\
version: 1
pipeline: p
tables: {rows: {partition_key: {id: number}, sort_key: {at: string}}, others: {existing: acme-rows}}
rules:
  r:
    sql: SELECT * FROM 'a/+'
    to: [{table: rows, key: {at: "${b}", id: "1"}, payload: all}, {table: others, key: {id: "${id}"}}]
    on_error: {table: others, key: {id: "${topic()}"}}
""").terraform["resource"]["aws_iot_topic_rule"]["r"]
    own, other = rule["dynamodb"]
    assert {name: value for name, value in own.items() if name.startswith(("hash", "range", "payload"))} == {
        "hash_key_field": "id",
        "hash_key_value": "1",
        "hash_key_type": "NUMBER",
        "range_key_field": "at",
        "range_key_value": "$${b}",
        "range_key_type": "STRING",
        "payload_field": "all",
    }
    assert (other["table_name"], other["hash_key_field"], other["hash_key_type"]) == (
        "acme-rows",
        "id",
        "STRING",
    )
    assert rule["error_action"]["dynamodb"]["hash_key_value"] == "$${topic()}"


def test_a_payload_is_for_an_item_with_a_key() -> None:
    found = compile_spec("""\
version: 1
pipeline: p
tables: {rows: {partition_key: {id: string}}}
rules: {r: {sql: "SELECT * FROM 'a/+'", to: [{table: rows, payload: all}]}}
""")
    assert as_text(found.problems) == (
        "spec.yaml:4:69: IOT104 `payload` is for an item with a `key`: without one, each thing that the rule "
        "selects is an attribute\n"
    )


def _occasion(content: str) -> Any:
    live: Any = None
    return Occasion(live=live, content=content, now=0, id="id")


@pytest.mark.parametrize(
    ("number", "content", "event"),
    [
        (0, '{"celsius": 21, "device": "lamp"}', {"celsius": 21, "device": "lamp"}),
        (0, '{"celsius": 21}', {"celsius": 21, "device": "sample"}),
        (1, '{"celsius": 21, "x": 1}', {"celsius": 21, "device": "sample"}),
        (2, '{"state": {"celsius": 21}}', {"celsius": 21, "device": "sample"}),
        (2, '{"state": 21}', {"device": "sample"}),
        (0, "text", {"message": "text", "device": "sample"}),
        (0, "[1]", {"message": [1], "device": "sample"}),
    ],
)
def test_a_sample_is_what_the_rule_selects(number: int, content: str, event: dict[str, Any]) -> None:
    triggers = _pipeline().get(Function, "watch").by(IotTrigger)
    assert IOT_TRIGGER.sample(triggers[number], None, _occasion(content)) == event


@pytest.mark.parametrize(
    ("to", "functions"), [("tele-metry", {"store"}), ("watch-iot", {"watch"}), (None, {"store"})]
)
def test_readings_arrive_at_a_rule_and_go_on_to_its_targets(to: str | None, functions: set[str]) -> None:
    load = Load(devices=1, every=1.0, to=to)
    found = traffic(_pipeline(), load, read_measured())
    month = 30 * 86_400
    [use] = found.of("rules", to or "tele-metry")
    assert use.get("messages") == month
    assert {key for section, key in found.uses if section == "functions"} == functions
    items = {line.item for line in bill(_pipeline(), load, read_measured(), read_prices()).lines}
    assert {"iot.messages", "iot.rules", "iot.actions"} <= items


EXISTING = """\
version: 1
pipeline: p
queues: {jobs: {existing: acme-jobs}, failed: {existing: acme-failed}}
streams: {ordered: {existing: "arn:aws:kinesis:us-east-1:123456789012:stream/acme"}}
tables: {rows: {existing: acme-rows}}
buckets: {lake: {existing: "arn:aws:s3:::acme-lake"}}
rules:
  telemetry:
    sql: SELECT * FROM 'dt/+'
    to: [{queue: jobs}, {stream: ordered}, {table: rows}, {bucket: lake, key: "${newuuid()}"}]
functions:
  watch: {source: h, triggers: [{iot: "SELECT * FROM 'al/+'", on_error: {queue: failed}}]}
"""


def test_targets_that_exist_already_are_named_as_aws_iot_takes_them() -> None:
    terraform = compile_spec(EXISTING).terraform
    rule = terraform["resource"]["aws_iot_topic_rule"]["telemetry"]
    assert rule["sqs"][0]["queue_url"] == "${data.aws_sqs_queue.jobs.url}"
    assert set(terraform["data"]["aws_sqs_queue"]) == {"jobs", "failed"}
    assert rule["kinesis"][0]["stream_name"] == "acme"
    assert rule["dynamodbv2"][0]["put_item"]["table_name"] == "acme-rows"
    assert rule["s3"][0]["bucket_name"] == "acme-lake"
