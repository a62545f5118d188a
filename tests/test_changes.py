"""Changes that an apply cannot make, reported before it, at their place in the spec."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from iotgen import changes
from iotgen.problem import Severity
from tests.conftest import as_text

if TYPE_CHECKING:
    from tests.conftest import Compile

HEAD = "version: 1\npipeline: p\n"
TABLE = {
    "hash_key": "id",
    "range_key": "at",
    "attribute": [{"name": "id", "type": "S"}, {"name": "at", "type": "S"}],
}
SECRET = {
    "name": "s-dev", "type": "SecureString", "description": "A key", "key_id": "alias/aws/ssm"
}  # fmt: skip
VALUE = '"$(aws ssm get-parameter --name s-dev --with-decryption --query Parameter.Value --output text)"'


@pytest.fixture
def report(compile_spec: Compile) -> Any:
    """The problems of a spec without HEAD, against deployed resources."""

    def run(text: str, **deployed: dict[str, Any]) -> str:
        compiled = compile_spec(HEAD + text)
        kinds = {
            "table": "aws_dynamodb_table.t",
            "bucket": "aws_s3_bucket.b",
            "queue": "aws_sqs_queue.q",
            "dead_letters": "aws_sqs_queue.q_dlq",
            "stream": "aws_kinesis_stream.s",
            "delivery": "aws_kinesis_firehose_delivery_stream.d",
            "secret": "aws_ssm_parameter.s",
            "type": "aws_iot_thing_type.g",
            "role": "aws_iam_role.f",
            "function": "aws_lambda_function.f",
        }
        kinds["key"] = "aws_kms_key.pipeline"
        kinds["data_key"] = "aws_kms_key.data"
        kinds["encryption"] = "aws_s3_bucket_server_side_encryption_configuration.b"
        state = {kinds[name]: attributes for name, attributes in deployed.items()}
        return as_text(changes.problems(compiled.model, compiled.document, state))

    return run


def table(was: str) -> str:
    return (
        f"IOT601 the table `t` is deployed with the key {was}, and DynamoDB cannot change a key: "
        "the table would be replaced by an empty one\n"
        "    Add a table under another key, such as `t-2`, copy the items, and remove this one later.\n"
    )


@pytest.mark.parametrize("was", ["t", "old", "oldest"])
def test_a_renamed_table_is_compared_with_what_is_deployed_under_an_earlier_key(
    was: str, compile_spec: Compile
) -> None:
    renamed = "tables: {t: {partition_key: {other: string}, renamed_from: [oldest, old]}}"
    compiled = compile_spec(HEAD + renamed)
    state = {f"aws_dynamodb_table.{was}": TABLE}
    (problem,) = changes.problems(compiled.model, compiled.document, state)
    assert (problem.code, problem.line) == ("IOT601", 3)


BOTH = "`id` (string) and `at` (string)"


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("partition_key: {id: string}, sort_key: {time: string}", "3:40"),
        ("partition_key: {id: string}, sort_key: {at: number}", "3:40"),
        ("partition_key: {device: string}, sort_key: {at: string}", "3:14"),
        ("partition_key: {at: string}, sort_key: {id: string}", "3:14"),
        ("partition_key: {id: string}", "3:10"),
    ],
)
def test_a_tables_key(report: Any, key: str, place: str) -> None:
    output = report(f"tables: {{t: {{{key}}}}}\n", table=TABLE)
    assert output.partition(" ")[2] == table(BOTH)
    assert output.startswith("spec.yaml:3:")


def test_a_sort_key_that_is_new(report: Any) -> None:
    single = {"hash_key": "id", "range_key": "", "attribute": [{"name": "id", "type": "S"}]}
    output = report("tables: {t: {partition_key: {id: string}, sort_key: {at: string}}}\n", table=single)
    assert output.partition(" ")[2] == table("`id` (string)")


def test_what_stays_or_is_new_is_no_change(report: Any) -> None:
    same = "tables: {t: {partition_key: {id: string}, sort_key: {at: string}, ttl: gone}}\n"
    assert report(same, table=TABLE) == ""
    assert report(f"{same}buckets: {{b: {{}}}}\nparameters: {{s: {{secure: true}}}}\n") == ""
    assert report("buckets: {b: {}}\n", bucket={"bucket": "b-dev-123456789012-us-east-1"}) == ""
    assert report("buckets: {b: {name: 'b-{suffix}'}}\n", bucket={"bucket": "b-dev"}) == ""
    spec = "parameters: {s: {secure: true, description: A key}}\n"
    assert report(spec, secret=SECRET) == ""
    arn = "arn:aws:kms:us-east-1:123456789012:key/1"
    encrypted = f"encryption: {{customer_managed_key: true}}\n{spec}"
    assert report(encrypted, secret=SECRET | {"key_id": arn}, key={"arn": arn}) == ""
    assert report(encrypted, secret=SECRET | {"key_id": "alias/p-dev"}, key={"arn": arn}) == ""


EXPIRES = TABLE | {"ttl": [{"attribute_name": "gone", "enabled": True}]}
SWITCH_OFF = (
    "aws dynamodb update-time-to-live --table-name t-dev "
    "--time-to-live-specification Enabled=false,AttributeName=gone"
)
ROWS = "tables: {t: {partition_key: {id: string}, sort_key: {at: string}"


def test_a_ttl_that_is_gone(report: Any) -> None:
    assert report(f"{ROWS}}}}}\n", table=EXPIRES) == (
        "spec.yaml:3:10: IOT602 warning: the items of the table `t` still expire by `gone`: "
        "Terraform does not disable that\n"
        f"    Disable it by hand: {SWITCH_OFF}\n"
    )


def test_a_ttl_by_another_attribute(report: Any) -> None:
    assert report(f"{ROWS}, ttl: other}}}}\n", table=EXPIRES) == (
        "spec.yaml:3:67: IOT603 the items of the table `t` expire by `gone`, and DynamoDB rejects another "
        "attribute until that is disabled\n"
        f"    Disable it first, and apply an hour later: {SWITCH_OFF}\n"
    )


def test_a_queue_that_becomes_fifo_would_be_a_new_one(report: Any) -> None:
    assert report("queues: {q: {fifo: true}}", queue={"name": "q-dev", "fifo_queue": False}) == (
        "spec.yaml:3:14: IOT601 the queue `q` is deployed as a standard queue, and SQS cannot change that: the "
        "queue would be replaced by an empty one\n"
        "    Add a queue under another key, such as `q-2`, and remove this one once empty.\n"
    )
    assert report("queues: {q: {fifo: true}}", queue={"name": "q-dev.fifo", "fifo_queue": True}) == ""


def test_dead_letters_under_another_name_would_be_lost(report: Any) -> None:
    deployed = {"queue": {"name": "q-dev"}, "dead_letters": {"name": "q-dlq-dev"}}
    assert report("queues: {q: {}}", **deployed) == ""
    assert report("queues: {q: {dead_letter_name: Failed}}", **deployed) == (
        "spec.yaml:3:14: IOT601 the dead-letter queue of `q` is deployed as `q-dlq-dev`: named `Failed`, it would be "
        "a new, empty one\n"
        "    Redrive its messages first, by `iotgen dlq redrive q`, or keep the name.\n"
    )


INDEXED = TABLE | {
    "attribute": [*TABLE["attribute"], {"name": "day", "type": "S"}],
    "global_secondary_index": [
        {
            "name": "by-day",
            "hash_key": "day",
            "range_key": "",
            "projection_type": "ALL",
            "non_key_attributes": [],
        }
    ],
}
KEYS = "tables: {t: {partition_key: {id: string}, sort_key: {at: string}, indexes: {"


def test_an_index_that_is_built_anew_is_reported(report: Any) -> None:
    assert report(
        KEYS + "by-day: {partition_key: {day: string}, sort_key: {at: string}}}}}", table=INDEXED
    ) == (
        "spec.yaml:3:77: IOT604 warning: the index `by-day` of `t` is removed and built anew: until that is "
        "done, queries of it fail\n"
        "    Add one under another name, such as `by-day-2`, and remove this one when nothing queries it.\n"
    )


@pytest.mark.parametrize(
    "indexes",
    [
        "by-day: {partition_key: {day: string}}",
        "by-day: {partition_key: {day: string}}, a-b: {partition_key: {id: string}}",
        "",
    ],
)
def test_indexes_that_come_go_or_stay_are_no_problem(report: Any, indexes: str) -> None:
    assert report(f"{KEYS}{indexes}}}}}}}", table=INDEXED) == ""


def test_a_ttl_that_is_new_or_stays(report: Any) -> None:
    off = TABLE | {"ttl": [{"attribute_name": "", "enabled": False}]}
    for deployed in (TABLE, off, EXPIRES):
        assert report(f"{ROWS}, ttl: gone}}}}\n", table=deployed) == ""
    assert report(f"{ROWS}}}}}\n", table=off) == ""


def test_another_region_is_reported_once_for_all_that_is_there(report: Any) -> None:
    arn = {"arn": "arn:aws:dynamodb:us-east-1:123456789012:table/t-dev"}
    bucket = {"bucket": "b-dev-123456789012-us-east-1", "arn": "arn:aws:s3:::b", "region": "us-east-1"}
    spec = f"region: eu-west-1\nbuckets: {{b: {{}}}}\n{ROWS}}}}}\n"
    expected = (
        "spec.yaml:3:1: IOT601 the environment `dev` is deployed in us-east-1: in eu-west-1 everything "
        "would be created again, and the deployed resources would be lost or left behind\n"
        "    Keep `region: us-east-1` for it, and deploy to eu-west-1 with another suffix.\n"
    )
    assert report(spec, table=EXPIRES | arn, bucket=bucket) == expected
    assert report(spec, bucket=bucket) == expected
    assert report(spec, bucket={"bucket": "b-dev-123456789012-eu-west-1", "arn": "arn:aws:s3:::b"}) == ""
    assert "IOT601 the environment" not in report(f"{ROWS}}}}}\n", table=TABLE | arn)


def test_a_buckets_name(report: Any) -> None:
    assert report("buckets: {b: {}}\n", bucket={"bucket": "b-dev"}) == (
        "spec.yaml:3:11: IOT601 the bucket `b` is deployed as `b-dev`: "
        "named `b-dev-{account}-us-east-1`, it would be a new, empty bucket\n"
        "    Keep its name by `name: b-{suffix}`, or add a bucket under another key, copy the objects, "
        "and remove this one later.\n"
    )


@pytest.mark.parametrize(
    ("spec", "noun", "deployed"),
    [
        ("tables: {t: {name: Data, partition_key: {id: string}, sort_key: {at: string}}}", "table", TABLE),
        ("queues: {q: {name: Data}}", "queue", {}),
        ("streams: {s: {name: Data}}", "stream", {}),
    ],
)
def test_another_name(report: Any, spec: str, noun: str, deployed: dict[str, Any]) -> None:
    key = noun[0]
    assert report(spec, **{noun: {**deployed, "name": "Data"}}) == ""
    assert report(spec, **{noun: {**deployed, "name": f"{key}-dev"}}).partition(": IOT601 ")[2] == (
        f"the {noun} `{key}` is deployed as `{key}-dev`: named `Data`, it would be a new, empty {noun}\n"
        f"    Keep its name by `name: {key}-{{suffix}}`, or add a {noun} under another key, and remove this one "
        "later.\n"
    )


def test_a_name_that_is_kept_has_the_suffix_only_where_it_was(report: Any) -> None:
    assert "`name: my-devices-{suffix}`" in report("buckets: {b: {}}\n", bucket={"bucket": "my-devices-dev"})


@pytest.mark.parametrize(
    ("spec", "was", "message"),
    [
        ("{secure: true}", {"type": "String"}, "is deployed as a String, and Parameter Store cannot change it to a SecureString"),
        ("{string_list: true, value: [x]}", {"type": "String"}, "is deployed as a String, and Parameter Store cannot change it to a StringList"),
        ("{value: x}", {}, "is deployed as a SecureString, and Parameter Store cannot change it to a String"),
        ("{secure: true, name: '/p/{suffix}/s'}", {}, "is deployed as `s-dev`: named `/p/dev/s`, it would start as `unset`"),
    ],
)  # fmt: skip
def test_a_parameter_that_would_be_lost(report: Any, spec: str, was: dict[str, str], message: str) -> None:
    output = report(f"parameters: {{s: {spec}}}\n", secret=SECRET | was)
    assert message in output
    assert "IOT601 the " in output


def test_a_plain_parameter_may_have_another_name(report: Any) -> None:
    assert (
        report("parameters: {s: {value: x, name: '/p/{suffix}/s'}}\n", secret=SECRET | {"type": "String"})
        == ""
    )


def test_a_description_that_stays(report: Any) -> None:
    assert report("parameters: {s: {secure: true, description: It's new}}\n", secret=SECRET) == (
        "spec.yaml:3:32: IOT602 warning: the description of the secure parameter `s` stays `A key`: "
        "Terraform writes it only together with the value, which it does not know\n"
        "    Change it after the apply: aws ssm put-parameter --name s-dev --type SecureString --overwrite "
        f"--description 'It'\"'\"'s new' --value {VALUE}\n"
    )


def test_encryption_that_is_switched_on_or_off_later(report: Any) -> None:
    spec = "parameters: {s: {secure: true, description: A key}}\n"
    on = report(f"encryption: {{customer_managed_key: true}}\n{spec}", secret=SECRET)
    assert "stays encrypted with `alias/aws/ssm`: Terraform encrypts it" in on
    assert f"--overwrite --key-id alias/p-dev --value {VALUE}" in on
    off = report(spec, secret=SECRET | {"key_id": "alias/p-dev"})
    assert "Change it after the apply: " in on
    assert "Change it before the apply: " in off
    assert "stays encrypted with `alias/p-dev`, and is lost with that key in 30 days" in off
    assert f"--overwrite --key-id alias/aws/ssm --value {VALUE}" in off
    assert [Severity.WARNING in text for text in (on, off)] == [True, True]


def test_what_the_key_has_encrypted_before_it_is_switched_off(report: Any) -> None:
    key = {"arn": "arn:aws:kms:us-east-1:123456789012:key/1"}
    gone = (
        "IOT602 warning: objects, messages and log lines stay encrypted with the pipeline's key: "
        "this apply deletes the key, so they become unreadable, and are lost in 30 days\n"
        "    Wait until the queues are empty before the apply"
    )
    assert report("encryption: {customer_managed_key: false}\n", key=key) == f"spec.yaml:3:1: {gone}.\n"
    name = "b-dev-123456789012-us-east-1"
    assert report("buckets: {b: {}}\n", key=key, bucket={"bucket": name}).endswith(
        f"{gone}, and re-encrypt the objects: aws s3 cp s3://{name} s3://{name} --recursive --sse AES256\n"
    )
    assert report("encryption: {customer_managed_key: true}\n", key=key) == ""


def encrypted(key: str) -> dict[str, Any]:
    default = [{"sse_algorithm": "aws:kms" if key else "AES256", "kms_master_key_id": key}]
    return {"rule": [{"apply_server_side_encryption_by_default": default}]}


OLD, NEW = (f"arn:aws:kms:us-east-1:123456789012:key/{one}" for one in ("old", "new"))
NAMED = {"bucket": "b-dev-123456789012-us-east-1"}


@pytest.mark.parametrize(
    ("spec", "deployed", "hint"),
    [
        ("buckets: {b: {}}", {}, "before the apply: aws s3 cp s3://{b} s3://{b} --recursive --sse AES256"),
        (
            "buckets: {b: {kms_key: data}}\nkeys: {data: {}}",
            {"data_key": {"arn": NEW}},
            f"before the apply: aws s3 cp s3://{{b}} s3://{{b}} --recursive --sse aws:kms --sse-kms-key-id {NEW}",
        ),
        (
            "buckets: {b: {kms_key: data}}\nkeys: {data: {}}",
            {},
            "after the apply: aws s3 cp s3://{b} s3://{b} --recursive --sse aws:kms --sse-kms-key-id KEY",
        ),
    ],
)
def test_objects_keep_the_key_that_they_were_written_with(
    report: Any, spec: str, deployed: dict[str, Any], hint: str
) -> None:
    column = 15 if "kms_key" in spec else 11
    assert report(f"{spec}\n", bucket=NAMED, encryption=encrypted(OLD), **deployed) == (
        f"spec.yaml:3:{column}: IOT602 warning: the objects of the bucket `b` stay encrypted with `{OLD}`: "
        "S3 has the new key for new objects only, and functions may no longer use the old one\n"
        f"    Re-encrypt them {hint.format(b=NAMED['bucket'])}\n"
    )


def test_a_bucket_that_keeps_its_key_or_gets_its_first_is_no_change(report: Any) -> None:
    spec = "buckets: {b: {kms_key: data}}\nkeys: {data: {}}\n"
    assert report(spec, bucket=NAMED, encryption=encrypted(NEW), data_key={"arn": NEW}) == ""
    assert report(spec, bucket=NAMED, encryption=encrypted(""), data_key={"arn": NEW}) == ""


@pytest.mark.parametrize(
    ("partitioning", "told"), [([], True), ([{"enabled": False}], True), ([{"enabled": True}], False)]
)
def test_a_delivery_is_partitioned_from_the_beginning_or_never(
    report: Any, partitioning: list[Any], told: bool
) -> None:
    spec = "buckets: {lake: {}}\ndeliveries: {d: {bucket: lake, partition_by: {device: .id}}}\n"
    deployed = {"extended_s3_configuration": [{"dynamic_partitioning_configuration": partitioning}]}
    message = (
        "spec.yaml:4:32: IOT603 the delivery `d` is deployed without `partition_by`, and Firehose takes that of "
        "new deliveries only\n    Add a delivery under another key, such as `d-2`, and remove this one later.\n"
    )
    assert report(spec, delivery=deployed) == (message if told else "")


ESP32 = {"name": "g-dev", "properties": [{"description": "ESP32", "searchable_attributes": ["at"]}]}


@pytest.mark.parametrize(
    ("spec", "column"),
    [
        ("devices: {g: {type: {description: ESP8266, searchable: [at]}}}", 15),
        ("devices: {g: {type: {description: ESP32, searchable: [at, by]}}}", 15),
        ("devices: {g: {type: {name: g, description: ESP32, searchable: [at]}}}", 15),
        ("devices: {g: {}}", 11),
    ],
)
def test_a_type_of_devices_is_deleted_while_no_device_has_it(report: Any, spec: str, column: int) -> None:
    assert report(f"{spec}\n", type=ESP32) == (
        f"spec.yaml:3:{column}: IOT604 warning: the devices of `g` are of the type `g-dev`, which AWS cannot "
        "change: it is deleted five minutes after it is deprecated, and the apply fails if a device still has "
        "it\n    Keep it, or take it from each device first: "
        "aws iot update-thing --remove-thing-type --thing-name NAME\n"
    )


def test_a_type_of_devices_that_stays_is_no_change(report: Any) -> None:
    assert report("devices: {g: {type: {description: ESP32, searchable: [at]}}}\n", type=ESP32) == ""
    assert report("devices: {g: {type: {}}}\n", type={"name": "g-dev", "properties": []}) == ""
    assert report("devices: {g: {type: {}}}\n") == ""


FUNCTION = {"function_name": "f-dev"}


def test_a_role_under_another_name_is_made_anew(report: Any) -> None:
    spec = 'functions: {f: {source: h, role: {name: "f-role-{suffix}"}}}\n'
    assert report(spec, role={"name": "f-dev"}, function=FUNCTION) == (
        "spec.yaml:3:35: IOT604 warning: the role of `f` is deployed as `f-dev`: `f-role-dev` is made when "
        "that is gone, and the function cannot start in between; what names the role by its ARN, such as a "
        "bucket of another account, does not let the new one in\n"
        "    Keep it by `role: {name: f-{suffix}}`, or apply while the function is not needed.\n"
    )


@pytest.mark.parametrize(
    ("settings", "deployed"),
    [
        ('role: {name: "f-role-{suffix}"}', "f-role-dev"),
        ("role: {existing: shared}", "f-dev"),
        # The function is another one, too.
        ('name: "other-{suffix}"', "f-dev"),
    ],
)
def test_a_role_that_stays_or_goes_is_no_change_of_a_name(report: Any, settings: str, deployed: str) -> None:
    spec = f"functions: {{f: {{source: h, {settings}}}}}\n"
    assert report(spec, role={"name": deployed}, function=FUNCTION) == ""


def test_a_role_of_a_workflow_under_another_name_is_made_anew(compile_spec: Compile) -> None:
    body = "{StartAt: Done, States: {Done: {Type: Succeed}}}"
    compiled = compile_spec(
        f'{HEAD}workflows: {{w: {{definition: {body}, role: {{name: "{{suffix}}-w"}}}}}}\n'
    )
    state = {
        "aws_sfn_state_machine.w": {"name": "w-dev"},
        "aws_iam_role.w__workflow": {"name": "w-dev-workflow"},
    }
    (problem,) = changes.problems(compiled.model, compiled.document, state)
    assert problem.message.startswith("the role of `w` is deployed as `w-dev-workflow`: `dev-w` is made when")
    assert (
        problem.hint
        == "Keep it by `role: {name: w-{suffix}-workflow}`, or apply while the workflow is not needed."
    )
