"""Functions on a local AWS: their processes, their credentials, and what they write."""

import hashlib
import io
import json
import os
import zipfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from iotgen.local import server
from iotgen.local.record import LocalAws
from tests.local.calls import client

pytestmark = pytest.mark.system

HANDLER = """
import os, tempfile
from pathlib import Path
import shared

NAMES = ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN")
here = Path(tempfile.gettempdir(), "mine")
here.write_text(str(os.getpid()))

def handler(event, context):
    print("told", event)
    if "fail" in event:
        raise ValueError("on purpose")
    return {
        "pid": os.getpid(),
        "mine": here.read_text() == str(os.getpid()),
        "code": __file__,
        "layer": shared.__file__,
        "credentials": [os.environ[f"AWS_{name}"] for name in NAMES],
    }
"""
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
READ = {"Effect": "Allow", "Action": "sqs:ListQueues", "Resource": "*"}


def packed(name: str, text: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, text)
    return content.getvalue()


def policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def functions(aws: LocalAws) -> Any:
    """The client of Lambda; the functions `works` and `breaks` are there, with a layer."""
    iam, functions = client(aws, "iam"), client(aws, "lambda")
    role = iam.create_role(RoleName="runs", AssumeRolePolicyDocument=policy(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName="runs", PolicyName="p", PolicyDocument=policy(READ))
    layer = {"ZipFile": packed("python/shared.py", "")}
    version = functions.publish_layer_version(LayerName="shared", Content=layer)["LayerVersionArn"]
    for name, code in (("works", HANDLER), ("breaks", "import not_there\n")):
        functions.create_function(
            FunctionName=name,
            Runtime="python3.11",
            Role=role,
            Handler="index.handler",
            Code={"ZipFile": packed("index.py", code)},
            Layers=[version],
            Timeout=60,
        )
    return functions


def invoke(functions: Any, name: str = "works", **event: object) -> Any:
    answer = functions.invoke(FunctionName=name, Payload=json.dumps(event).encode())
    return json.loads(answer["Payload"].read())


def test_a_burst_shares_few_processes_and_one_copy(aws: LocalAws, functions: Any) -> None:
    with ThreadPoolExecutor(30) as callers:
        answers = list(callers.map(lambda _: invoke(functions), range(60)))
    assert all(answer["mine"] for answer in answers)
    assert len(Counter(answer["pid"] for answer in answers)) <= 2 * (os.cpu_count() or 1)
    assert len({answer["code"] for answer in answers}) == 1
    assert len({answer["layer"] for answer in answers}) == 1
    scratch = aws.log.parent / "scratch" / "functions"
    assert [path.suffix for path in (scratch / "bytecode").rglob("shared.*")] == [".pyc"]
    assert len(list((scratch / "unpacked").iterdir())) == 2


def test_a_handlers_output_and_traceback_are_in_its_file(aws: LocalAws, functions: Any) -> None:
    assert invoke(functions, fail=True)["errorMessage"] == "on purpose"
    log = (aws.log.parent / "functions" / "works.log").read_text()
    assert "told {'fail': True}\n" in log
    assert "Traceback (most recent call last):" in log
    assert "ValueError: on purpose" in log
    groups = client(aws, "logs")
    events = groups.filter_log_events(logGroupName="/aws/lambda/works", filterPattern='"on purpose"')[
        "events"
    ]
    assert events


def test_an_import_that_fails_is_told_with_its_traceback(aws: LocalAws, functions: Any) -> None:
    assert "No module named 'not_there'" in invoke(functions, "breaks")["errorMessage"]
    log = (aws.log.parent / "functions" / "breaks.log").read_text()
    assert 'index.py", line 1, in <module>' in log
    assert "ModuleNotFoundError: No module named 'not_there'" in log


def test_its_credentials_are_its_roles_and_cannot_be_guessed(aws: LocalAws, functions: Any) -> None:
    key, secret, token = invoke(functions)["credentials"]
    own = {"aws_access_key_id": key, "aws_secret_access_key": secret, "aws_session_token": token}
    assert client(aws, "sts", **own).get_caller_identity()["Arn"].endswith(":assumed-role/runs/works")
    client(aws, "sqs", **own).list_queues()
    with pytest.raises(ClientError, match="AccessDenied"):
        client(aws, "sqs", **own).create_queue(QueueName="not-allowed")

    config = functions.get_function_configuration(FunctionName="works")
    digest = hashlib.sha256(f"{config['FunctionArn']}:{config['Role']}".encode()).hexdigest()
    guessed = {
        "aws_access_key_id": f"ASIA{digest[:16].upper()}",
        "aws_secret_access_key": hashlib.sha256(f"secret:{digest}".encode()).hexdigest(),
        "aws_session_token": hashlib.sha256(f"token:{digest}".encode()).hexdigest(),
    }
    assert guessed["aws_access_key_id"] != key
    with pytest.raises(ClientError, match="token included in the request is invalid"):
        client(aws, "sts", **guessed).get_caller_identity()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / ".local"
    server.down(tmp_path / ".local")


def test_down_removes_what_nobody_may_write(folder: Path) -> None:
    scratch = folder / "scratch" / "functions" / "unpacked"
    scratch.mkdir(parents=True)
    (scratch / "a").touch()
    scratch.chmod(0o555)
    server.down(folder)
    assert not (folder / "scratch").exists()
