"""A key of the pipeline's own: what it encrypts, and who may use it for what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iotgen.kinds.functions import Function
from iotgen.model.expression import Reference
from iotgen.model.policy import Statement
from tests.conftest import arn

if TYPE_CHECKING:
    from tests.conftest import Compile

KEY = Reference("aws_kms_key.pipeline.arn")
SPEC = """\
version: 1
pipeline: p
region: eu-west-1
encryption: {customer_managed_key: true}
tables: {t: {partition_key: {id: string}}}
queues: {q: {}}
topics: {a: {}}
buckets: {b: {}}
parameters: {s: {secure: true}, c: {value: x}}
functions: {f: {source: h, access: {ACCESS}}}
endpoints: {/f: {method: GET, function: f}}
"""
# What can be encrypted with a key, and by which setting.
ENCRYPTED = {
    "aws_dynamodb_table": "server_side_encryption",
    "aws_sqs_queue": "kms_master_key_id",
    "aws_sns_topic": "kms_master_key_id",
    "aws_s3_bucket_server_side_encryption_configuration": "rule",
    "aws_lambda_function": "kms_key_arn",
    "aws_cloudwatch_log_group": "kms_key_id",
}


def spec(access: str = "") -> str:
    return SPEC.replace("ACCESS", access)


@pytest.mark.parametrize(("kind", "setting"), ENCRYPTED.items())
def test_everything_that_stores_is_encrypted_with_it(compile_spec: Compile, kind: str, setting: str) -> None:
    resources = compile_spec(spec()).resources(kind)
    assert resources
    for label, resource in resources.items():
        assert "${aws_kms_key.pipeline.arn}" in str(resource[setting]), label


def test_secrets_are_encrypted_with_it(compile_spec: Compile) -> None:
    parameters = compile_spec(spec()).resources("aws_ssm_parameter")
    assert parameters["s"]["key_id"] == str(KEY)
    assert "key_id" not in parameters["c"]


def test_the_key_goes_last(compile_spec: Compile) -> None:
    """Terraform destroys what is gone first, and a key that is about to be deleted decrypts nothing.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
    """
    (key,) = compile_spec(spec()).resources("aws_kms_key").values()
    assert key["lifecycle"] == {"create_before_destroy": True}


def test_a_table_names_aws_own_key_where_it_may_have_had_another(compile_spec: Compile) -> None:
    """The provider ignores a missing block, and the table would stay with a key that is about to be deleted.

    https://github.com/hashicorp/terraform-provider-aws/issues/29811
    """
    tables = compile_spec(spec().replace("true", "false", 1)).resources("aws_dynamodb_table")
    assert tables["t"]["server_side_encryption"] == {"enabled": False}


def test_without_the_setting_there_is_no_key(compile_spec: Compile) -> None:
    compiled = compile_spec(spec().replace("true", "false", 1))
    assert "kms_key" not in str(compiled.terraform["resource"])
    assert compiled.model.encryption_key is None


@pytest.mark.parametrize(
    ("access", "services"),
    [
        ("", "lambda sqs"),
        ("tables: {t: read}", "dynamodb lambda sqs"),
        ("queues: {q: send}, topics: {a: publish}", "lambda sns sqs"),
        ("buckets: {b: {read: in/}}, parameters: {c: read}", "lambda s3 sqs"),
    ],
)
def test_a_function_uses_it_through_what_it_has_access_to(
    compile_spec: Compile, access: str, services: str
) -> None:
    statements = compile_spec(spec(access)).model.all(Function)[0].statements
    through = tuple(f"{service}.eu-west-1.amazonaws.com" for service in services.split())
    condition = ("StringEquals", "kms:ViaService", through)
    assert Statement("UseKey", ("kms:Decrypt", "kms:GenerateDataKey"), (KEY,), (condition,)) in statements


def test_a_secret_is_decrypted_with_this_key_only(compile_spec: Compile) -> None:
    statements = compile_spec(spec("parameters: {s: read}")).model.all(Function)[0].statements
    (decrypt,) = (statement for statement in statements if statement.sid == "DecryptParameterS")
    assert decrypt.resources == (KEY,)


def test_logs_of_this_account_and_alarms_may_use_it(compile_spec: Compile) -> None:
    _, logs, alarms = compile_spec(spec()).statements("pipeline__key")
    assert logs["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
    groups = arn("logs", "log-group:*", "eu-west-1")
    assert logs["Condition"] == {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": groups}}
    assert alarms["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    without_topics = compile_spec(spec().replace("topics: {a: {}}\n", ""))
    assert len(without_topics.statements("pipeline__key")) == 2
