"""A year of a pipeline on the local AWS, as an operator lives it: each step by the command that is for it."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

SPEC = "specs/pipeline.yaml"
QUERY = "handlers/data_query/handler.py"
INGESTION = "handlers/data_ingestion/handler.py"
READING = "handlers/readings/reading.py"
LOCAL = ("--target", "local")
PROD = ("--suffix", "prod", *LOCAL)

pytestmark = pytest.mark.e2e

# What the steps change in the project's files.
OUTDATED = '        "count": len(texts),\n'
CURRENT = '        "count": len(texts),\n        "unit": "celsius",\n'
ENDPOINT = "  /query: {method: GET, function: data-query, parameters: {device_id: required}}\n"
PROCESSOR_ACCESS = "{processed-data: [batch_write, put]}\n      queues"
WIDER_ACCESS = "{processed-data: [batch_write, put, update]}\n      queues"
FROM_MESSAGE = '    if not isinstance(document, dict) or "digest" not in document:\n'
FIRMWARE_2 = (
    '    if isinstance(document, dict) and "data" in document:\n'
    '        document = {**document, "sensor_data": document["data"]}\n'
)
CHECKED = "        http.check(event)\n"
BROKEN = '        raise RuntimeError("half a change")\n'
SECRET = "k-9f31c0de-rotated"


@dataclass
class Year:
    """The project, and the step at which its year ended early."""

    project: Any
    leftovers: Callable[[], dict[str, list[str]]]
    eventually: Callable[..., Any]
    ended: str = ""
    notes: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.project, name)

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text that is once in a file of the project."""
        file: Path = self.folder / path
        text = file.read_text()
        assert text.count(old) == 1, f"{old!r} is in {path} {text.count(old)} times"
        file.write_text(text.replace(old, new))

    def line(self, text: str) -> str:
        """The place of the first line of the spec that has a text."""
        lines = (self.folder / SPEC).read_text().splitlines()
        return f"{SPEC}:{next(number for number, line in enumerate(lines, 1) if text in line)}"

    def applied(self, *options: str) -> str:
        """The review that an apply prints before it applies."""
        done = self.finished("apply", SPEC, *(options or LOCAL), "--yes")
        matched = re.search(
            r"Terraform plans the changes\n(.*)Terraform applies the plan\n", done.stderr, re.S
        )
        assert matched, done.stderr
        return matched[1]

    def code(self) -> dict[str, str]:
        """The digest of each deployed function's code."""
        functions = self.client("lambda").list_functions()["Functions"]
        return {one["FunctionName"]: one["CodeSha256"] for one in functions}

    def queried(self, device: str, *options: str) -> Any:
        """What the API answers of a device."""
        return self.json("call", "GET", "/query", "--query", f"device_id={device}", *(options or LOCAL))


def is_ready_for_the_first_apply(year: Year) -> None:
    year.run("local", "up")
    checks = year.json("preflight", *LOCAL, "--format", "json")
    assert {check["level"] for check in checks} <= {"ok", "warning"}
    year.applied()
    # What is deployed is its own, and no other's.
    checks = year.json("preflight", *LOCAL, "--format", "json")
    warnings = [check for check in checks if check["level"] == "warning" and check["about"] == "secret"]
    assert [check["message"] for check in warnings] == ["the secure parameter `api-key` has no value yet"]
    assert "error" not in {check["level"] for check in checks}


def takes_readings(year: Year) -> None:
    fleet = ("--devices", "10", "--count", "100", "--batch", "20", "--interval", "0", "--seed", "1")
    report = year.json("simulate", *LOCAL, *fleet, "--verify", "--format", "json")
    assert report["verified"]["sound"], report["verified"]
    reading = {"device_id": "d-1", "event_id": "e-1", "sensor_data": {"temperature": 20}}
    year.run("send", *LOCAL, stdin=json.dumps(reading))
    year.eventually(lambda: year.queried("d-1")["count"] == 1)
    assert "stored in raw-sensor-data and processed-data" in year.run("trace", "e-1", *LOCAL)


def changes_the_code_of_one_function(year: Year) -> None:
    before = year.code()
    year.edit(QUERY, OUTDATED, CURRENT)
    review = year.applied()
    place = year.line("data-query:")
    assert review == f"~   function data-query  {place}\n    new code\n\n1 to change\n"
    after = year.code()
    assert [name for name in before if before[name] != after[name]] == ["data-query-dev"]
    assert year.queried("d-1")["unit"] == "celsius"


def opens_an_endpoint_and_widens_a_role(year: Year) -> None:
    assert "Missing Authentication Token" in year.finished("call", "GET", "/latest", *LOCAL, code=1).stdout
    year.edit(SPEC, ENDPOINT, ENDPOINT + ENDPOINT.replace("/query", "/latest"))
    year.edit(SPEC, PROCESSOR_ACCESS, WIDER_ACCESS)
    refused = year.finished("plan", SPEC, *LOCAL, "--fail-on-widening", code=1)
    gained = "data-processor gains UpdateItem on table processed-data"
    assert f"{gained}\n    ({year.line('[batch_write, put, update]')})\n" in refused.stdout
    assert f"error: the plan widens permissions: {gained}\n" in refused.stderr
    iam, role = year.client("iam"), "data-processor-dev"

    def allowed() -> str:
        (name,) = iam.list_role_policies(RoleName=role)["PolicyNames"]
        return json.dumps(iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"])

    assert "dynamodb:UpdateItem" not in allowed()
    assert f"+ endpoint /latest {year.line('/latest')} 4 resources" in " ".join(year.applied().split())
    assert "dynamodb:UpdateItem" in allowed()
    assert year.json("call", "GET", "/latest", "--query", "device_id=d-1", *LOCAL)["count"] == 1


def renames_a_table_and_keeps_its_rows(year: Year) -> None:
    for path, old, new in (
        (SPEC, "raw-sensor-data", "readings"),
        (QUERY, "RAW_SENSOR_DATA", "READINGS"),
        (INGESTION, "RAW_SENSOR_DATA", "READINGS"),
    ):
        file: Path = year.folder / path
        file.write_text(file.read_text().replace(old, new))
    refused = year.finished("apply", SPEC, *LOCAL, "--yes", code=2).stderr
    assert "nothing was changed: this would destroy the table `raw-sensor-data` (101 items)" in refused
    assert "`raw-sensor-data` seems to be `readings` now. To keep what it holds, add to " in refused
    setting = "renamed_from: [raw-sensor-data]"
    assert f"        tables:\n          readings:\n            {setting}\n" in refused
    year.edit(SPEC, "  readings: {", f"  readings: {{{setting}, ")
    year.applied()
    rows = year.json("query", "d-1", *LOCAL, "--table", "raw")
    assert rows["count"] == 1
    assert year.client("dynamodb").scan(TableName="raw-sensor-data-dev", Select="COUNT")["Count"] == 101


def finds_a_setting_that_was_changed_by_hand(year: Year) -> None:
    year.client("lambda").update_function_configuration(FunctionName="data-query-dev", Timeout=3)
    drift = year.finished("drift", SPEC, *LOCAL, "--detailed-exitcode", code=2)
    assert drift.stdout == f"~   function data-query  {year.line('data-query:')}\n    timeout  20 -> 3\n"


def dead_letters_come_back_after_a_fix(year: Year) -> None:
    sqs = year.client("sqs")
    url = sqs.get_queue_url(QueueName="iot-ingestion-dev")["QueueUrl"]
    for device in ("d-2", "d-3"):
        body = {"device_id": device, "data": {"temperature": 21.5}}
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps(body))

    def dead() -> Any:
        return {one["queue"]: one for one in year.json("dlq", "list", *LOCAL, "--format", "json")}

    year.eventually(lambda: dead()["iot-ingestion"]["messages"] == 2)
    (group,) = year.json("dlq", "show", "iot-ingestion", *LOCAL, "--format", "json")["groups"]
    assert group["reason"] == "a reading must have sensor_data"
    ids = [message["id"] for message in group["messages"]]
    assert (
        "rejected by data-processor"
        in year.finished("dlq", "replay", "iot-ingestion", ids[0], *LOCAL, code=1).stdout
    )

    year.edit(READING, FROM_MESSAGE, FIRMWARE_2 + FROM_MESSAGE)
    assert "handled by data-processor" in year.run("dlq", "replay", "iot-ingestion", ids[0], *LOCAL)
    assert year.queried("d-2")["count"] == 0
    review = year.applied()
    assert "function data-query" in review
    assert "timeout  3 -> 20" in review
    query = year.client("lambda").get_function_configuration(FunctionName="data-query-dev")
    assert query["Timeout"] == 20

    assert "sent 2 messages" in year.run("dlq", "redrive", "iot-ingestion", *LOCAL)
    for device in ("d-2", "d-3"):
        (item,) = year.eventually(lambda device=device: year.queried(device)["items"])
        assert item["temperature_fahrenheit"] == 70.7
    assert dead()["iot-ingestion"]["messages"] == 0


def rotates_the_secret(year: Year) -> None:
    year.run("secret", "set", "api-key", *LOCAL, stdin=f"{SECRET}\n")
    (secret,) = year.json("secret", "list", *LOCAL, "--format", "json")
    assert (secret["key"], secret["set"], secret["version"]) == ("api-key", True, 2)
    stored = year.client("ssm").get_parameter(Name="/iot-pipeline/dev/api-key", WithDecryption=True)
    assert stored["Parameter"]["Value"] == SECRET
    assert _files_with(year.folder, SECRET) == []


def _files_with(folder: Path, text: str) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return [path for path in files if text.encode() in path.read_bytes()]


def rolls_a_bad_deployment_back(year: Year) -> None:
    good = (year.folder / QUERY).read_text()
    year.edit(QUERY, CHECKED, BROKEN)
    year.applied()
    year.finished("call", "GET", "/query", "--query", "device_id=d-1", *LOCAL, code=1)
    assert "ERROR RuntimeError: half a change\n    Traceback" in year.eventually(
        lambda: year.run("logs", "--errors", *LOCAL)
    )
    functions = year.json("status", *LOCAL, "--format", "json")["sections"]["functions"]
    assert functions["data-query"]["errors"] > 0
    assert functions["data-ingestion"]["errors"] == 0

    rolled = year.finished("rollback", SPEC, *LOCAL, "--yes").stderr
    assert f"~   function data-query  {year.line('data-query:')}\n    new code\n\n1 to change\n" in rolled
    assert year.queried("d-1")["count"] == 1
    assert "half a change" in (year.folder / QUERY).read_text()
    (year.folder / QUERY).write_text(good)


def promotes_to_production_in_spite_of_a_kill(year: Year) -> None:
    different = year.json("diff", "dev", "prod", "--format", "json")
    assert "512" in json.dumps(different)
    year.killed("apply", SPEC, *PROD, "--yes", at="  tables 2/2")
    # Terraform ends what it has begun, and says so to whoever comes meanwhile.
    busy = year.finished("apply", SPEC, *PROD, "--yes", code=3).stderr
    assert "Terraform is still running in that folder" in busy
    lock = year.folder / "out/prod.local/.terraform.tfstate.lock.info"
    year.eventually(lambda: not lock.exists(), patience=180)
    assert "Nothing to change." in year.finished("apply", SPEC, *PROD, "--yes").stderr
    year.run("send", *PROD, stdin=json.dumps({"device_id": "p-1", "sensor_data": {"temperature": 20}}))
    year.eventually(lambda: year.queried("p-1", *PROD)["count"] == 1)
    assert year.queried("p-1")["count"] == 0
    memory = year.client("lambda").get_function_configuration(FunctionName="data-query-prod")["MemorySize"]
    assert memory == 512


def is_destroyed_and_leaves_nothing(year: Year) -> None:
    refused = year.finished("destroy", SPEC, *PROD, "--yes", code=2).stderr
    assert "the table `processed-data`" in refused
    assert "Pass `--allow-destroy prod` to destroy it." in refused

    def destroy(suffix: str) -> None:
        year.run("destroy", SPEC, "--suffix", suffix, *LOCAL, "--yes", "--allow-destroy", suffix)

    with ThreadPoolExecutor() as both:
        list(both.map(destroy, ("dev", "prod")))
    assert year.leftovers() == {}


def is_remembered(year: Year) -> None:
    def actions(*options: str) -> list[tuple[str, str]]:
        records = year.json("history", *options, "--format", "json")
        return [(record["action"], record["outcome"]) for record in reversed(records)]

    assert actions(*LOCAL) == [("apply", "done")] * 6 + [("rollback", "done"), ("destroy", "done")]
    assert actions(*PROD) == [("apply", "unfinished"), ("destroy", "done")]


STEPS = (
    is_ready_for_the_first_apply,
    takes_readings,
    changes_the_code_of_one_function,
    opens_an_endpoint_and_widens_a_role,
    renames_a_table_and_keeps_its_rows,
    finds_a_setting_that_was_changed_by_hand,
    dead_letters_come_back_after_a_fix,
    rotates_the_secret,
    rolls_a_bad_deployment_back,
    promotes_to_production_in_spite_of_a_kill,
    is_destroyed_and_leaves_nothing,
    is_remembered,
)


@pytest.fixture(scope="module")
def year(project: Any, leftovers: Callable[[], dict[str, list[str]]], eventually: Callable[..., Any]) -> Year:
    return Year(project, leftovers, eventually)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_a_pipeline(year: Year, step: Callable[[Year], None]) -> None:
    if year.ended:
        pytest.skip(f"the year ended early: {year.ended}")
    year.ended = step.__name__
    step(year)
    year.ended = ""
