"""Changes to what is deployed: a plan shows each alone, and what would lose something is refused before."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SPEC = "specs/small.yaml"
SMALL = """\
version: 1
pipeline: small
tables: {t: {partition_key: {id: string}, sort_key: {at: string}}}
queues: {jobs: {max_receives: 5}}
topics: {news: {}}
buckets: {files: {}}
parameters:
  secret: {secure: true, description: A key}
  config: {value: 1}
functions:
  f:
    source: handlers/small
    runtime: python3.11
    triggers: [{queue: jobs}]
    access:
      tables: {t: read-write}
      topics: {news: publish}
      buckets: {files: {read: in/}}
      parameters: {secret: get, config: get}
endpoints: {/f: {method: GET, function: f}}
api: {throttle: {rate: 10}}
"""
# Each setting that is changed, and all that a plan of it may touch.
CHANGES = {
    "max_receives: 5": ("max_receives: 6", {"aws_sqs_queue.jobs"}),
    "tables: {t: read-write}": ("tables: {t: query}", {"aws_iam_role_policy.f"}),
    "value: 1": ("value: 2", {"aws_ssm_parameter.config"}),
    "runtime: python3.11": (
        "runtime: python3.11\n    timeout: 19\n    memory: 300",
        {"aws_lambda_function.f"},
    ),
    "at: string}}": ("at: string}, ttl: gone}", {"aws_dynamodb_table.t"}),
    "{rate: 10}": ("{rate: 11}", {"aws_api_gateway_method_settings.small_api"}),
}

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def small(project: Any) -> Iterator[Any]:
    """A small pipeline with a table, an API and a secret, deployed as `one` and as `two`."""
    handler = project.folder / "handlers/small/handler.py"
    handler.parent.mkdir()
    handler.write_text("def handler(event, context):\n    return {'statusCode': 200}\n")
    (project.folder / SPEC).write_text(SMALL)
    for suffix in ("one", "two"):
        project.run("apply", SPEC, "--suffix", suffix, "--target", "local", "--yes")
    yield project
    (project.folder / SPEC).write_text(SMALL)


# The same, with a key of its own.
ENCRYPTED = SMALL.replace("A key", "Another") + "encryption: {customer_managed_key: true}\n"


def _plan(project: Any, text: str, code: int = 0) -> str:
    Path(project.folder / SPEC).write_text(text)
    told: str = project.run("plan", SPEC, "--suffix", "one", "--target", "local", code=code)
    return told


def _review(project: Any, text: str, *options: str) -> dict[str, Any]:
    """The review of the plan to another spec, as JSON."""
    Path(project.folder / SPEC).write_text(text)
    command = ("plan", SPEC, "--suffix", "one", "--target", "local", "--format", "json", *options)
    review: dict[str, Any] = project.json(*command)
    return review


def _resources(review: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Each resource that a plan touches, by its address."""
    return {one["address"]: one for change in review["changes"] for one in change["resources"]}


def test_two_environments_share_the_accounts_log_role(small: Any) -> None:
    role = small.client("apigateway").get_account()["cloudwatchRoleArn"]
    assert role.endswith(":role/iotgen-api-gateway-logs")
    small.run("destroy", SPEC, "--suffix", "two", "--target", "local", "--yes")
    assert small.client("apigateway").get_account()["cloudwatchRoleArn"] == role
    assert small.client("iam").get_role(RoleName="iotgen-api-gateway-logs")
    assert "Nothing to change." in _plan(small, SMALL)


def test_changed_settings_are_all_that_a_plan_shows(small: Any) -> None:
    text = SMALL
    expected: set[str] = set()
    for old, (new, addresses) in CHANGES.items():
        text, expected = text.replace(old, new), expected | addresses
    touched = _resources(_review(small, text))
    assert expected == {
        address for address in touched if not address.startswith("aws_cloudwatch_metric_alarm.")
    }
    assert {one["action"] for one in touched.values()} <= {"update", "create", "destroy"}
    settings = [setting for one in touched.values() for setting in one["settings"]]
    assert not [one for one in settings if one["after"] == {"known_after_apply": True}]


def test_one_number_of_a_queue_is_a_plan_of_that_queue(small: Any) -> None:
    review = _review(small, SMALL.replace("max_receives: 5", "max_receives: 6"))
    (change,) = review["changes"]
    assert (change["kind"], change["key"], change["file"], change["line"]) == ("queue", "jobs", SPEC, 4)
    (queue,) = change["resources"]
    assert (queue["address"], queue["action"]) == ("aws_sqs_queue.jobs", "update")
    (setting,) = queue["settings"]
    assert (setting["name"], setting["before"], setting["after"]) == ("redrive_policy.maxReceiveCount", 5, 6)


def test_a_wider_role_is_words_and_can_be_refused(small: Any) -> None:
    plan = _plan(small, SMALL.replace("{read: in/}", "{read: in/, write: out/}"))
    gained = "f gains PutObject on bucket files, objects out/*"
    assert f"  {gained} (specs/small.yaml:18)\n" in plan
    command = ("plan", SPEC, "--suffix", "one", "--target", "local")
    refused = small.run(*command, "--fail-on-widening", code=1)
    assert f"the plan widens permissions: {gained}" in refused
    small.run(*command, "--detailed-exitcode", code=2)
    assert "- f gains PutObject on bucket files" in small.run(*command, "--format", "markdown")


def test_what_is_changed_by_hand_is_drift_that_a_plan_puts_back(small: Any) -> None:
    (small.folder / SPEC).write_text(SMALL)
    command = ("drift", SPEC, "--suffix", "one", "--target", "local")
    assert small.run(*command, "--detailed-exitcode") == "Nothing differs on AWS from the last apply.\n"
    functions = small.client("lambda")
    functions.update_function_configuration(FunctionName="f-one", MemorySize=512)
    assert small.run(*command) == "~   function f  specs/small.yaml:11\n    memory_size  256 -> 512\n"
    small.run(*command, "--detailed-exitcode", code=2)
    plan = _plan(small, SMALL)
    assert "differs on AWS from the last apply" in plan
    small.run("apply", SPEC, "--suffix", "one", "--target", "local", "--yes")
    assert functions.get_function_configuration(FunctionName="f-one")["MemorySize"] == 256
    assert "Nothing to change." in _plan(small, SMALL)


@pytest.mark.parametrize("command", [["plan"], ["apply", "--yes"]])
@pytest.mark.parametrize("key", ["time: string", "at: number"])
def test_a_tables_key_is_refused_and_nothing_is_changed(small: Any, command: list[str], key: str) -> None:
    (small.folder / SPEC).write_text(SMALL.replace("sort_key: {at: string}", f"sort_key: {{{key}}}"))
    told = small.run(command[0], SPEC, *command[1:], "--suffix", "one", "--target", "local", code=1)
    assert "specs/small.yaml:3:" in told
    assert "IOT601 the table `t` is deployed with the key `id` (string) and `at` (string)" in told
    table = small.client("dynamodb").describe_table(TableName="t-one")["Table"]
    assert {one["AttributeName"]: one["AttributeType"] for one in table["AttributeDefinitions"]} == {
        "id": "S",
        "at": "S",
    }


def test_another_region_is_refused_by_plan_and_destroy(small: Any) -> None:
    told = _plan(small, f"{SMALL}region: eu-west-1\n", code=1)
    assert "IOT601 the environment `one` is deployed in us-east-1" in told
    told = small.run("destroy", SPEC, "--suffix", "one", "--target", "local", "--yes", code=1)
    assert "`one` is deployed in us-east-1" in told
    assert "Nothing to change." in _plan(small, SMALL)


def test_a_secret_stays_when_its_description_and_its_key_change(small: Any) -> None:
    ssm = small.client("ssm")
    secret: dict[str, Any] = {"Name": "secret-one", "Type": "SecureString", "Overwrite": True}
    ssm.put_parameter(**secret, Value="real")
    (small.folder / SPEC).write_text(ENCRYPTED)
    small.run("apply", SPEC, "--suffix", "one", "--target", "local", "--yes")
    assert ssm.get_parameter(Name="secret-one", WithDecryption=True)["Parameter"]["Value"] == "real"
    # As the two messages say.
    ssm.put_parameter(**secret, Value="real", Description="Another", KeyId="alias/small-one")
    assert "Nothing to change." in _plan(small, ENCRYPTED)


def test_a_renamed_table_keeps_its_rows_if_the_offer_is_followed(small: Any) -> None:
    """The guard stops the apply and offers the move; with it, a new key is a move, and the rows stay."""
    row = {"id": {"S": "1"}, "at": {"S": "2026-07-01"}}
    small.client("dynamodb").put_item(TableName="t-one", Item=row)
    dead = small.client("sqs").get_queue_url(QueueName="jobs-dlq-one")["QueueUrl"]
    small.client("sqs").send_message(QueueUrl=dead, MessageBody="dead")
    renamed = ENCRYPTED.replace("tables: {t:", "tables: {rows:").replace("jobs", "work")
    (small.folder / SPEC).write_text(renamed)
    arguments = ("apply", SPEC, "--suffix", "one", "--target", "local", "--yes")
    refused = small.run(*arguments, code=2)
    assert "this would destroy " in refused
    assert "the queue `jobs-dlq` (1 message)" in refused
    assert "the table `t` (1 item)" in refused
    assert "--allow-destroy jobs-dlq" in refused
    assert "--allow-destroy t" in refused
    assert f"`t` seems to be `rows` now. To keep what it holds, add to {SPEC}:3:\n" in refused
    assert f"`jobs` seems to be `work` now. To keep what it holds, add to {SPEC}:4:\n" in refused
    offers = re.findall(
        r"^        (\w+):\n          ([\w-]+):\n            (renamed_from: .*)$", refused, re.M
    )
    assert {section: key for section, key, _ in offers} == {"tables": "rows", "queues": "work"}
    for _, key, setting in offers:
        renamed = renamed.replace(f"{key}: {{", f"{key}: {{{setting}, ", 1)
    touched = _resources(_review(small, renamed))
    assert not {"aws_dynamodb_table.t", "aws_sqs_queue.jobs", "aws_sqs_queue.jobs_dlq"} & touched.keys()
    kept = {"aws_dynamodb_table.rows", "aws_sqs_queue.work", "aws_sqs_queue.work_dlq"} & touched.keys()
    assert {touched[address]["action"] for address in kept} <= {"update", "none"}
    outputs = small.json(*arguments)
    assert outputs["table_names"] == {"rows": "t-one"}
    assert small.client("dynamodb").scan(TableName="t-one")["Items"] == [row]
    assert small.client("sqs").receive_message(QueueUrl=dead)["Messages"][0]["Body"] == "dead"
    assert "Nothing to change." in _plan(small, renamed)


def test_nothing_is_destroyed_with_what_it_holds_but_by_name(small: Any) -> None:
    arguments = ("destroy", SPEC, "--suffix", "one", "--target", "local")
    refused = small.run(*arguments, "--yes", code=2)
    assert "the table `rows` (1 item)" in refused
    assert "\n    Pass `--allow-destroy one` to destroy it.\n" in refused
    refused = small.run(*arguments, code=1)
    assert "standard input is not a terminal\n    Pass `--yes --allow-destroy one`." in refused
    assert small.client("dynamodb").scan(TableName="t-one")["Count"] == 1
    small.run(*arguments, "--yes", "--allow-destroy", "one")
    assert "t-one" not in small.client("dynamodb").list_tables()["TableNames"]
