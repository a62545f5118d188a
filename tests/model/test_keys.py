"""KMS keys of the section: what they encrypt, and who may use each for what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from iotgen.kinds.functions import Function
from iotgen.kinds.keys import EncryptionKey

if TYPE_CHECKING:
    from tests.conftest import Compile

SPEC = """\
version: 1
pipeline: p
region: eu-west-1
keys:
  k: {deletion_days: 7}
  alias: {existing: alias/shared}
  whole: {existing: "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"}
tables: {t: {partition_key: {id: string}, kms_key: KEY}}
queues: {q: {kms_key: KEY}, plain: {}}
topics: {a: {kms_key: KEY}, other: {}}
buckets: {b: {kms_key: KEY}}
functions: {f: {source: h, TRIGGERS access: {ACCESS}}}
MORE
"""
ARNS = {
    "k": "${aws_kms_key.k.arn}",
    "alias": "${data.aws_kms_key.alias.arn}",
    "whole": "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
}
ENCRYPTED = {
    ("aws_dynamodb_table", "t"): "server_side_encryption",
    ("aws_sqs_queue", "q"): "kms_master_key_id",
    ("aws_sqs_queue", "q_dlq"): "kms_master_key_id",
    ("aws_sns_topic", "a"): "kms_master_key_id",
    ("aws_s3_bucket_server_side_encryption_configuration", "b"): "rule",
}


def spec(key: str = "k", access: str = "", triggers: str = "", more: str = "") -> str:
    text = SPEC.replace("KEY", key).replace("ACCESS", access)
    return text.replace("TRIGGERS", f"triggers: [{triggers}]," if triggers else "").replace("MORE", more)


@pytest.mark.parametrize(("key", "written"), ARNS.items())
def test_what_names_a_key_is_encrypted_with_it(compile_spec: Compile, key: str, written: str) -> None:
    compiled = compile_spec(spec(key))
    for (kind, label), setting in ENCRYPTED.items():
        assert written in str(compiled.resources(kind)[label][setting]), label


def test_what_names_none_is_not(compile_spec: Compile) -> None:
    compiled = compile_spec(spec())
    assert compiled.resources("aws_sqs_queue")["plain"]["sqs_managed_sse_enabled"]
    assert "kms_master_key_id" not in compiled.resources("aws_sns_topic")["other"]


def test_a_key_of_its_own_comes_before_that_of_the_pipeline(compile_spec: Compile) -> None:
    compiled = compile_spec(spec(more="encryption: {customer_managed_key: true}"))
    queues = compiled.resources("aws_sqs_queue")
    assert queues["q"]["kms_master_key_id"] == "${aws_kms_key.k.arn}"
    assert queues["plain"]["kms_master_key_id"] == "${aws_kms_key.pipeline.arn}"


def test_a_key_of_the_specs_own_rotates_and_waits_to_be_deleted(compile_spec: Compile) -> None:
    (key,) = compile_spec(spec()).resources("aws_kms_key").values()
    assert (key["enable_key_rotation"], key["deletion_window_in_days"]) == (True, 7)


def uses(compile_spec: Compile, text: str) -> list[tuple[str, tuple[str, ...], tuple[Any, ...]]]:
    """The statements by which the function uses keys: id, actions and services."""
    (function,) = compile_spec(text).model.all(Function)
    found = [one for one in function.statements if any(action.startswith("kms:") for action in one.actions)]
    return [(one.sid, one.actions, one.conditions[0][2]) for one in found]


BOTH, DECRYPT = ("kms:Decrypt", "kms:GenerateDataKey"), ("kms:Decrypt",)


@pytest.mark.parametrize(
    ("access", "actions", "service"),
    [
        ("tables: {t: read}", DECRYPT, "dynamodb"),
        ("tables: {t: put}", BOTH, "dynamodb"),
        ("queues: {q: receive}", DECRYPT, "sqs"),
        ("queues: {q: send}", BOTH, "sqs"),
        ("topics: {a: publish}", BOTH, "sns"),
        ("buckets: {b: [read]}", DECRYPT, "s3"),
        ("buckets: {b: [write]}", BOTH, "s3"),
    ],
)
def test_a_function_may_use_it_as_its_access_needs(
    compile_spec: Compile, access: str, actions: tuple[str, ...], service: str
) -> None:
    assert uses(compile_spec, spec(access=access)) == [
        ("UseKeyK", actions, (f"{service}.eu-west-1.amazonaws.com",))
    ]


def test_what_it_only_reads_gives_no_data_keys(compile_spec: Compile) -> None:
    reading, writing = "sqs.eu-west-1.amazonaws.com", "sns.eu-west-1.amazonaws.com"
    assert uses(compile_spec, spec(access="topics: {a: publish}", triggers="{queue: q}")) == [
        ("UseKeyK", DECRYPT, (writing, reading)),
        ("WriteByKeyK", ("kms:GenerateDataKey",), (writing,)),
    ]


def test_without_access_to_what_it_encrypts_there_is_no_permission(compile_spec: Compile) -> None:
    assert uses(compile_spec, spec(access="queues: {plain: send}")) == []


def test_a_resource_that_exists_already_may_name_its_key(compile_spec: Compile) -> None:
    text = spec(access="queues: {q: send}").replace("q: {kms_key: k}", "q: {existing: jobs, kms_key: whole}")
    assert [sid for sid, _, _ in uses(compile_spec, text)] == ["UseKeyWhole"]


def test_its_policy_lets_in_who_sends_to_what_it_encrypts_and_nobody_else(compile_spec: Compile) -> None:
    text = spec().replace("b: {kms_key: k}", "b: {kms_key: k, notify: [{queue: q}]}")
    policy = compile_spec(text).terraform["locals"]["k__key"]
    assert [one["Sid"] for one in policy["Statement"]] == ["ManageByIam", "SendFromBuckets", "PublishAlarms"]
    assert policy["Statement"][0]["Principal"]["AWS"].endswith("current.account_id}:root")


def test_a_key_that_encrypts_no_topic_is_closed_to_alarms(compile_spec: Compile) -> None:
    text = spec().replace("a: {kms_key: k}", "a: {}")
    policy = compile_spec(text).terraform["locals"]["k__key"]
    assert [one["Sid"] for one in policy["Statement"]] == ["ManageByIam"]


def test_a_function_has_it_for_its_variables_its_logs_its_dead_letters_and_its_schedules(
    compile_spec: Compile,
) -> None:
    text = spec(triggers="{schedule: rate(1 hour)}, {bucket: b, prefix: in/}")
    compiled = compile_spec(text.replace("source: h,", "source: h, kms_key: k,"))
    made = [
        compiled.resources("aws_lambda_function")["f"]["kms_key_arn"],
        compiled.resources("aws_cloudwatch_log_group")["f"]["kms_key_id"],
        compiled.resources("aws_sqs_queue")["f_async_dlq"]["kms_master_key_id"],
        *(one["kms_key_arn"] for one in compiled.resources("aws_scheduler_schedule").values()),
    ]
    assert made == ["${aws_kms_key.k.arn}"] * 4
    statements = compiled.terraform["locals"]["k__key"]["Statement"]
    logs = next(one for one in statements if one["Sid"] == "EncryptLogs")
    assert logs["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
    assert logs["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"].endswith(
        ":log-group:/aws/lambda/f-dev"
    )
    assert uses(compile_spec, spec().replace("source: h,", "source: h, kms_key: k,")) == [
        ("UseKeyK", DECRYPT, ("lambda.eu-west-1.amazonaws.com", "sqs.eu-west-1.amazonaws.com")),
        ("WriteByKeyK", ("kms:GenerateDataKey",), ("sqs.eu-west-1.amazonaws.com",)),
    ]


def test_all_functions_may_have_one_by_the_defaults(compile_spec: Compile) -> None:
    compiled = compile_spec(spec(more="defaults: {function: {kms_key: k}}"))
    assert compiled.resources("aws_lambda_function")["f"]["kms_key_arn"] == "${aws_kms_key.k.arn}"
    said = compile_spec(spec(more="defaults: {function: {kms_key: lost}}")).said
    assert said.count("there is no key `lost`") == 1


def test_streams_secrets_and_deliveries_have_keys(compile_spec: Compile) -> None:
    more = (
        "streams: {s: {kms_key: k}}\n"
        "secrets: {x: {kms_key: k}}\n"
        "deliveries: {d: {bucket: b, kms_key: k}, e: {bucket: b, from: s}}\n"
    )
    compiled = compile_spec(spec(access="secrets: {x: read}, deliveries: {d: put}", more=more))
    assert compiled.resources("aws_kinesis_stream")["s"]["kms_key_id"] == "${aws_kms_key.k.arn}"
    assert compiled.resources("aws_secretsmanager_secret")["x"]["kms_key_id"] == "${aws_kms_key.k.arn}"
    (own, reading) = compiled.resources("aws_kinesis_firehose_delivery_stream").values()
    assert own["server_side_encryption"]["key_arn"] == "${aws_kms_key.k.arn}"
    assert "server_side_encryption" not in reading
    assert (
        compiled.resources("aws_cloudwatch_log_group")["d__delivery"]["kms_key_id"] == "${aws_kms_key.k.arn}"
    )


def test_a_key_knows_what_it_encrypts(compile_spec: Compile) -> None:
    (key,) = compile_spec(spec()).model.all(EncryptionKey)
    assert key.encrypted == (("tables", "t"), ("queues", "q"), ("topics", "a"), ("buckets", "b"))


def test_a_key_that_is_not_there_is_one_problem(compile_spec: Compile) -> None:
    said = compile_spec(spec("lost")).said
    assert said.count("there is no key `lost`") == 1


def test_a_key_named_pipeline_cannot_stand_beside_that_of_the_pipeline(compile_spec: Compile) -> None:
    text = "version: 1\npipeline: p\nencryption: {customer_managed_key: true}\nkeys: {pipeline: {}}\n"
    assert "IOT311 this makes a second KMS key named `pipeline`" in compile_spec(text).said
