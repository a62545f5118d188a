"""`iotgen local env`: what it prints, and that other tools work with it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from iotgen.local import server
from iotgen.local.record import LocalAws
from iotgen.local.shell import commands
from tests.local.calls import client

AWS = LocalAws(1, 4566, "http://127.0.0.1:4566", "i", Path("log"), "us-east-1", "AKIA", "a b$c'd")
# What leads to an account of the user's, and away from the endpoint.
ELSEWHERE = {
    "AWS_PROFILE": "production",
    "AWS_SESSION_TOKEN": "real",
    "AWS_ENDPOINT_URL_SQS": "http://127.0.0.1:1",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "AWS_ACCESS_KEY_ID": "AKIAREAL",
}


def shell(lines: str, project: Path | None = None) -> str:
    """What commands print in a shell that has ELSEWHERE; they stop at the first that fails."""
    kept = {name: os.environ[name] for name in ("HOME", "PYTHONPATH") if name in os.environ}
    done = subprocess.run(
        ["sh", "-euc", lines],
        cwd=project,
        env={"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", **kept, **ELSEWHERE},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_shell_reads_it_whatever_is_in_it() -> None:
    shown = shell(f"{commands(AWS, 'eu-west-1', ELSEWHERE)}\nenv")
    found = dict(line.split("=", 1) for line in shown.splitlines() if line.startswith("AWS_"))
    assert found == {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "AKIA",
        "AWS_SECRET_ACCESS_KEY": "a b$c'd",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
    }


@pytest.mark.parametrize("own", ["", "no_proxy=a.example\n", "NO_PROXY=a.example\n"])
def test_no_proxy_is_in_the_way(own: str) -> None:
    shown = shell(f"{own}{commands(AWS, 'eu-west-1')}\nenv")
    for name in ("no_proxy", "NO_PROXY"):
        (value,) = [line.partition("=")[2] for line in shown.splitlines() if line.startswith(f"{name}=")]
        assert value == ("127.0.0.1,a.example" if own else "127.0.0.1")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A folder whose local AWS runs and has one queue and one bucket."""
    folder = tmp_path_factory.mktemp("project")
    aws = server.up(folder / "out" / ".local")
    client(aws, "sqs").create_queue(QueueName="here")
    client(aws, "s3").create_bucket(Bucket="here")
    yield folder
    server.down(folder / "out" / ".local")


EVAL = f'eval "$({sys.executable} -m iotgen local env)"\n'


@pytest.mark.system
def test_boto3_needs_nothing_else(project: Path) -> None:
    code = 'import boto3; print(boto3.client("sqs").list_queues()["QueueUrls"])'
    assert "/here" in shell(f"{EVAL}python -c '{code}'", project)


@pytest.mark.system
@pytest.mark.skipif(not shutil.which("aws"), reason="the AWS CLI is not installed")
def test_the_aws_cli_needs_nothing_else(project: Path) -> None:
    assert "here" in shell(f"{EVAL}aws s3 ls", project)
    listed = shell(f'{EVAL}aws sqs list-queues --endpoint-url "$AWS_ENDPOINT_URL"', project)
    assert json.loads(listed)["QueueUrls"]


@pytest.mark.system
@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_curl_signs_with_it(project: Path) -> None:
    config = """printf 'user = "%s:%s"\\n' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" | curl --config -"""
    asked = '-sS --aws-sigv4 "aws:amz:$AWS_REGION:sqs" "$AWS_ENDPOINT_URL/?Action=ListQueues"'
    assert "/here" in shell(f"{EVAL}{config} {asked}", project)


@pytest.mark.system
def test_without_a_local_aws_it_says_so_and_prints_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "iotgen", "local", "env"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("error: the local AWS is not running\n")
