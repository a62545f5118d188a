"""`iotgen dlq` on a real local AWS: what is dead is seen, tried again, mended or dropped, and never lost."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from iotgen.cli import main
from iotgen.local import server
from tests.local.calls import client

pytestmark = pytest.mark.system

SPEC = """\
version: 1
pipeline: p
queues: {q: {}}
functions:
  worker:
    source: handlers/worker
    triggers: [{queue: q}]
    access: {queues: {q: reject}}
"""
HANDLER = """\
import json
import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    failures = []
    for record in event["Records"]:
        print("body", record["body"], record["eventSource"], record["eventSourceARN"])
        body = json.loads(record["body"])
        if body.get("id") == "returned":
            failures.append({"itemIdentifier": record["messageId"]})
        elif "id" not in body:
            reason = {"reason": {"DataType": "String", "StringValue": "id is missing"}}
            url = os.environ["DEAD_LETTER_QUEUE_Q"]
            sqs.send_message(QueueUrl=url, MessageBody=record["body"], MessageAttributes=reason)
        elif body["id"] == "fails":
            raise ValueError("it cannot be")
    return {"batchItemFailures": failures}
"""
NAMES = ("q-dev", "q-dlq-dev", "worker-async-dlq-dev")


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Project:
    """A project with its local AWS, its queues, and the command run in it."""

    folder: Path
    sqs: Any
    capfd: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def run(self, *arguments: str, form: str = "text") -> Done:
        self.monkeypatch.setattr(
            sys, "argv", ["iotgen", "dlq", *arguments, "--target", "local", "--format", form]
        )
        self.capfd.readouterr()
        with pytest.raises(SystemExit) as exited:
            main()
        read = self.capfd.readouterr()
        assert "Traceback" not in read.err or arguments[0] == "replay"
        code = exited.value.code
        return Done(code if isinstance(code, int) else 0, read.out, read.err)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "iotgen", "dlq", *arguments, "--target", "local"]

    def url(self, name: str) -> str:
        return str(self.sqs.get_queue_url(QueueName=name)["QueueUrl"])

    def send(self, body: object, reason: str = "", to: str = "q-dlq-dev") -> str:
        attributes = {"reason": {"DataType": "String", "StringValue": reason}} if reason else {}
        text = body if isinstance(body, str) else json.dumps(body)
        answer = self.sqs.send_message(QueueUrl=self.url(to), MessageBody=text, MessageAttributes=attributes)
        return str(answer["MessageId"])

    def bodies(self, name: str) -> list[str]:
        """What is visible in a queue, taken out of it."""
        found: list[str] = []
        while messages := self.sqs.receive_message(QueueUrl=self.url(name), MaxNumberOfMessages=10).get(
            "Messages"
        ):
            found += [message["Body"] for message in messages]
        return sorted(found)

    def kept(self) -> list[str]:
        files = (self.folder / "out/.kept/dev").glob("*.jsonl")
        return sorted(json.loads(line)["body"] for file in files for line in file.read_text().splitlines())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("project")
    (folder / "specs").mkdir()
    (folder / "specs/pipeline.yaml").write_text(SPEC, encoding="utf-8")
    (folder / "handlers/worker").mkdir(parents=True)
    server.up(folder / "out/.local")
    yield folder
    server.down(folder / "out/.local", patience=2)


@pytest.fixture
def project(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Project]:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "80")
    (folder / "handlers/worker/handler.py").write_text(HANDLER, encoding="utf-8")
    aws = server.status(folder / "out/.local")
    assert aws
    sqs = client(aws, "sqs")
    for name in NAMES:
        sqs.create_queue(QueueName=name)
    yield Project(folder, sqs, capfd, monkeypatch)
    for name in NAMES:
        sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"])
    for file in (folder / "out/.kept/dev").glob("*"):
        file.unlink()


def test_a_list_shows_how_much_is_dead_why_and_whose_it_is(project: Project) -> None:
    for _ in range(3):
        project.send({}, "id is missing")
    first, second, third, fourth = project.run("list").out.splitlines()
    assert first.startswith("q  3 messages, the oldest looked at sent ")
    assert (second, third) == (
        "   of the queue q, specs/pipeline.yaml:3",
        "   3 of 3 looked at: id is missing",
    )
    assert fourth == "empty: worker-async"
    (queue, function) = project.run("list", form="json").json
    assert (queue["messages"], queue["in_flight"]) == (3, 0)
    assert (function["owner"], function["place"]) == ("worker", "specs/pipeline.yaml:5")
    assert project.bodies("q-dlq-dev") == ["{}"] * 3


def test_messages_are_grouped_by_reason_and_by_shape(project: Project) -> None:
    for number in range(12):
        project.send({"value": number}, "id is missing")
    project.send({"value": "x"}, "id is missing")
    project.send("\x1b[31mred".replace("\x1b", "\u202e"), "not JSON")
    done = project.run("show", "q")
    assert done.out.splitlines()[0] == "q: 14 messages; looked at all of them"
    assert "12  id is missing" in done.out
    assert "\u202e" not in done.out
    assert "\\u202e[31mred" in done.out
    groups = project.run("show", "q", "--limit", "14", form="json").json["groups"]
    assert [len(group["messages"]) for group in groups] == [12, 1, 1]
    assert groups[0]["structure"] == "{value: number}"
    assert len(project.bodies("q-dlq-dev")) == 14


def test_one_message_is_shown_in_full_by_the_beginning_of_its_id(project: Project) -> None:
    id = project.send({"a": [1]}, "id is missing")
    project.send({})
    lines = project.run("show", "q", id[:13]).out.splitlines()
    assert lines[0].startswith(id)
    assert lines[1] == "reason: id is missing"
    assert lines[-5:] == ["{", '  "a": [', "    1", "  ]", "}"]
    done = project.run("show", "q", "ffffffff", form="json")
    assert (done.code, done.json["error"]["message"]) == (1, "`q` has no message `ffffffff`")


@pytest.mark.parametrize(
    ("body", "outcome", "code"),
    [
        ({"id": "a"}, "handled", 0),
        ({}, "rejected", 1),
        ({"id": "fails"}, "failed", 1),
        ({"id": "returned"}, "returned", 1),
    ],
)
def test_a_dry_replay_says_what_the_code_of_today_would_do(
    project: Project, body: object, outcome: str, code: int
) -> None:
    id = project.send(body, "an old reason")
    done = project.run("replay", "q", id, form="json")
    assert (done.code, done.json["outcome"], done.json["dry"]) == (code, outcome, True)
    assert done.json["reasons"] == (["id is missing"] if outcome == "rejected" else [])
    log = done.json["invocation"]["logs"][0]
    assert log == f"body {json.dumps(body)} aws:sqs arn:aws:sqs:us-east-1:000000000000:q-dev"
    assert project.bodies("q-dlq-dev") == [json.dumps(body)]


def test_a_replay_after_the_fix_takes_the_message_away(project: Project) -> None:
    id = project.send({"id": "fails"})
    assert project.run("replay", "q", id, "--against", "--delete").code == 1
    fixed = HANDLER.replace('raise ValueError("it cannot be")', "pass")
    (project.folder / "handlers/worker/handler.py").write_text(fixed, encoding="utf-8")
    done = project.run("replay", "q", id, "--against", "--delete")
    assert done.code == 0
    assert done.out.startswith("handled by worker in ")
    assert project.bodies("q-dlq-dev") == []
    assert project.kept() == ['{"id": "fails"}']


def test_a_replay_against_the_target_shows_that_it_is_rejected_again(project: Project) -> None:
    id = project.send({}, "an old reason")
    done = project.run("replay", "q", id, "--against", "--delete")
    assert done.code == 1
    assert "rejected by worker" in done.out
    assert project.bodies("q-dlq-dev") == ["{}", "{}"]


def test_a_dry_replay_deletes_nothing(project: Project) -> None:
    done = project.run("replay", "q", "ffffffff", "--delete", form="json")
    assert (done.code, done.json["error"]["hint"]) == (2, "Add `--against`.")


def editor(project: Project, script: str) -> None:
    file = project.folder / "editor"
    file.write_text(
        f"#!{sys.executable}\nimport os, stat, sys\npath = sys.argv[1]\ntext = open(path).read()\n{script}"
    )
    file.chmod(0o700)
    project.monkeypatch.setenv("EDITOR", str(file))
    project.monkeypatch.delenv("VISUAL", raising=False)


def test_an_edited_message_is_sent_and_the_dead_one_kept_and_deleted(project: Project) -> None:
    id = project.send('{"value":1.50}', "id is missing")
    editor(
        project,
        "assert stat.S_IMODE(os.stat(path).st_mode) == 0o600\n"
        'open(path, \'w\').write(text.replace(\'"value"\', \'"id": "a",\\n"value"\'))\n',
    )
    done = project.run("edit", "q", id[:8])
    assert (done.code, done.err) == (0, "")
    assert project.bodies("q-dev") == ['{"id":"a","value":1.50}']
    assert project.bodies("q-dlq-dev") == []
    assert project.kept() == ['{"value":1.50}']
    assert not list((project.folder / "out/.kept/dev").glob("edit-*"))


def test_an_unchanged_message_stays(project: Project) -> None:
    id = project.send({"value": 1})
    editor(project, "pass\n")
    assert project.run("edit", "q", id).out == "unchanged: nothing was sent\n"
    assert project.bodies("q-dlq-dev") == ['{"value": 1}']


def test_a_broken_edit_is_kept_and_gone_on_with(project: Project) -> None:
    id = project.send({"value": 1})
    editor(project, "open(path, 'w').write('{')\n")
    done = project.run("edit", "q", id, form="json")
    assert done.code == 1
    assert done.json["error"]["message"].startswith("the edited message is not JSON, and nothing was sent: ")
    assert f"out/.kept/dev/edit-{id}.json" in done.json["error"]["hint"]
    editor(project, "assert text == '{'\nopen(path, 'w').write('{\"id\": 2}')\n")
    assert project.run("edit", "q", id).code == 0
    assert project.bodies("q-dev") == ['{"id":2}']


def test_an_editor_that_fails_changes_nothing(project: Project) -> None:
    id = project.send({"value": 1})
    editor(project, "sys.exit(3)\n")
    done = project.run("edit", "q", id)
    assert done.code == 1
    assert done.err.startswith("error: the editor failed, and nothing was sent: ")
    assert project.bodies("q-dlq-dev") == ['{"value": 1}']


def test_a_redrive_sends_what_is_chosen_and_keeps_it(project: Project) -> None:
    for number in range(12):
        project.send({"value": number}, "id is missing")
    other = project.send({"other": 1}, "too old")
    done = project.run("redrive", "q", "--reason", "MISSING")
    assert done.code == 0
    assert done.out.splitlines()[0] == "q: sent 12 messages; about 1 left"
    assert len(project.bodies("q-dev")) == len(project.kept()) == 12
    assert (
        project.run("redrive", "q", "--shape", "zzz").out
        == "q: nothing was sent: none of the 1 looked at match\n"
    )
    assert project.run("redrive", "q", other, form="json").json["removed"] == 1
    assert project.bodies("q-dev")[-1] == '{"other": 1}'
    assert project.run("redrive", "q").out == "q: nothing was sent: it is empty\n"


def test_nothing_is_dropped_without_yes(project: Project) -> None:
    project.send({}, "id is missing")
    done = project.run("drop", "q")
    assert done.code == 1
    assert done.err == (
        "error: nothing was dropped; 1 of the 1 messages looked at would be\n    Pass `--yes` to drop them.\n"
    )
    assert "1  id is missing" in done.out
    assert project.run("drop", "q", "--yes").out.startswith(
        "q: dropped 1 message; about 0 left\nkept in out/.kept/dev/q-"
    )
    assert (project.bodies("q-dlq-dev"), project.kept()) == ([], ["{}"])


def test_ctrl_c_ends_a_redrive_between_messages_and_the_next_goes_on(project: Project) -> None:
    for number in range(40):
        project.send({"value": number})
    process = subprocess.Popen(
        project.command("redrive", "q", "--rate", "5"), cwd=project.folder, stderr=subprocess.PIPE, text=True
    )
    wait_for(lambda: len(project.kept()) >= 5)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "interrupted; run it again to go on" in errors
    sent = project.bodies("q-dev")
    assert 5 <= len(sent) < 40
    assert project.run("redrive", "q").code == 0
    assert sorted(sent + project.bodies("q-dev")) == sorted(json.dumps({"value": n}) for n in range(40))


def test_kill_9_loses_nothing(project: Project) -> None:
    for number in range(40):
        project.send({"value": number})
    process = subprocess.Popen(project.command("redrive", "q", "--rate", "5"), cwd=project.folder)
    wait_for(lambda: len(project.kept()) >= 5)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = project.run("list")
    assert "in flight" in done.out
    counts = [
        project.sqs.get_queue_attributes(QueueUrl=project.url(name), AttributeNames=["All"])
        for name in NAMES[:2]
    ]
    numbers = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    held = sum(int(count["Attributes"][number]) for count in counts for number in numbers)
    assert 40 <= held <= 45


def wait_for(condition: Any) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (
            ("show", "worker-asink"),
            2,
            "there is no dead-letter queue `worker-asink`; did you mean `worker-async`?",
        ),
        (
            ("show", "q", "--suffix", "qa"),
            1,
            "the dead-letter queue of `q` is not deployed: AWS has no `q-dlq-qa`",
        ),
        (
            ("list", "--suffix", "qa"),
            1,
            "nothing is deployed as `qa`: AWS has none of its dead-letter queues",
        ),
        (("list", "--out", "elsewhere"), 3, "the local AWS is not running"),
    ],
)
def test_what_is_not_there_is_said(
    project: Project, arguments: tuple[str, ...], code: int, message: str
) -> None:
    done = project.run(*arguments, form="json")
    assert (done.code, done.json["error"]["message"]) == (code, message)


def test_an_event_that_failed_is_what_lambda_puts_there_and_is_invoked_again(project: Project) -> None:
    aws = server.status(project.folder / "out/.local")
    assert aws
    iam, functions = client(aws, "iam"), client(aws, "lambda")
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    arn = f"arn:aws:sqs:us-east-1:000000000000:{NAMES[2]}"
    functions.create_function(
        FunctionName="worker-dev",
        Runtime="python3.11",
        Role=role,
        Handler="handler.handler",
        Code={
            "ZipFile": zipped(
                "def handler(event, context):\n    raise ValueError('no such ' + event['what'])\n"
            )
        },
        DeadLetterConfig={"TargetArn": arn},
    )
    functions.get_waiter("function_active_v2").wait(FunctionName="worker-dev")
    functions.invoke(FunctionName="worker-dev", InvocationType="Event", Payload=b'{"what": "thing"}')
    wait_for(lambda: project.run("list", form="json").json[1]["messages"] == 1)
    (group,) = project.run("show", "worker-async", form="json").json["groups"]
    (message,) = group["messages"]
    assert (group["reason"], message["body"]) == ("no such thing", '{"what": "thing"}')
    assert message["attributes"]["ErrorCode"] == {"DataType": "Number", "StringValue": "200"}
    code = "def handler(event, context):\n    return event['what']\n"
    (project.folder / "handlers/worker/handler.py").write_text(code, encoding="utf-8")
    assert project.run("replay", "worker", message["id"], form="json").json["invocation"]["result"] == "thing"
    functions.update_function_code(FunctionName="worker-dev", ZipFile=zipped(code))
    assert project.run("redrive", "worker").out.startswith("worker-async: sent 1 message; about 0 left\n")


def zipped(code: str) -> bytes:
    import io
    import zipfile

    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("handler.py", code)
    return data.getvalue()


def test_what_was_dropped_is_sent_from_the_file_that_kept_it(project: Project) -> None:
    project.send({"value": 1}, "id is missing")
    dropped = project.run("drop", "q", "--yes", form="json").json
    done = project.run("redrive", "q", "--file", dropped["kept"])
    assert (done.code, done.out) == (0, f"q: sent from {dropped['kept']}: 1 message\n")
    assert project.bodies("q-dev") == ['{"value": 1}']


@pytest.mark.parametrize(
    "arguments",
    [
        ("drop", "q", ""),
        ("drop", "q", "--reason", ""),
        ("drop", "q", "--shape", ""),
        ("drop", "q", "1234567"),
    ],
)
def test_an_empty_variable_chooses_nothing(project: Project, arguments: tuple[str, ...]) -> None:
    project.send({})
    assert project.run(*arguments, "--yes").code == 2
    assert project.bodies("q-dlq-dev") == ["{}"]
