"""A project from `iotgen init`, deployed to a local AWS of its own, and the means to use it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import boto3
import pytest

from iotgen.local import server
from iotgen.local.record import LocalAws

Found = TypeVar("Found")

# Seconds. An apply takes about 90, most of it the provider's own waiting for queue attributes.
PATIENCE = 600
# One for all APIs of an account, so a destroy leaves it.
LOG_ROLE = "iotgen-api-gateway-logs"


@dataclass(frozen=True)
class Project:
    """A folder in which the tool is run as a user runs it."""

    folder: Path
    spec: str

    def run(self, *arguments: str, stdin: str = "", code: int = 0, **env: str) -> str:
        """Run iotgen and return its stdout, or its stderr if it is meant to fail."""
        done = self.finished(*arguments, stdin=stdin, code=code, **env)
        return done.stdout if code == 0 else done.stderr

    def finished(
        self, *arguments: str, stdin: str = "", code: int = 0, **env: str
    ) -> subprocess.CompletedProcess[str]:
        """Run iotgen to its end; fail, with all that it printed, when it ends with another code.

        `env` is added to the environment, which has nothing of AWS's otherwise.
        """
        done = subprocess.run(
            [sys.executable, "-m", "iotgen", *arguments],
            cwd=self.folder,
            env=_environment() | env,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done

    def killed(self, *arguments: str, at: str) -> None:
        """Run iotgen, and kill it as soon as it prints `at` on stderr."""
        process = subprocess.Popen(
            [sys.executable, "-m", "iotgen", *arguments],
            cwd=self.folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        with process:
            assert process.stderr
            assert any(at in line for line in process.stderr), f"{arguments}: ended without printing {at}"
            process.kill()

    def json(self, *arguments: str) -> Any:
        """Run iotgen and return its stdout as data."""
        return json.loads(self.run(*arguments))

    def apply(self) -> dict[str, Any]:
        """Deploy to the local AWS and return the outputs."""
        outputs: dict[str, Any] = self.json("apply", self.spec, "--target", "local", "--yes")
        return outputs

    @property
    def aws(self) -> LocalAws:
        """The project's local AWS, which runs."""
        aws = server.status(self.folder / "out/.local")
        assert aws
        return aws

    def client(self, service: str) -> Any:
        """A boto3 client of the local AWS, as its administrator."""
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=self.aws.endpoint,
            region_name="us-east-1",
            aws_access_key_id=self.aws.access_key,
            aws_secret_access_key=self.aws.secret_key,
        )


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}


def eventually(look: Callable[[], Found], patience: float = 60.0) -> Found:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < deadline, f"nothing found in {patience} s"
        time.sleep(0.2)
    return found


@pytest.fixture(scope="session", name="eventually")
def _eventually() -> Callable[..., Any]:
    return eventually


@pytest.fixture(scope="module")
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A new project whose spec is the module's SPEC; its local AWS is stopped at the end."""
    folder = tmp_path_factory.mktemp("project")
    made = Project(folder, request.module.SPEC)
    made.run("init")
    try:
        yield made
    finally:
        made.run("local", "down")


@pytest.fixture(scope="module")
def outputs(project: Project) -> dict[str, Any]:
    """The outputs of the project, deployed."""
    return project.apply()


@pytest.fixture(scope="module")
def leftovers(project: Project) -> Callable[[], dict[str, list[str]]]:
    """Finds what is in the local AWS, by kind, but for what an account keeps; empty kinds are left out."""

    def find() -> dict[str, list[str]]:
        there = {
            "tables": project.client("dynamodb").list_tables()["TableNames"],
            "queues": project.client("sqs").list_queues().get("QueueUrls", []),
            "topics": project.client("sns").list_topics()["Topics"],
            "buckets": project.client("s3").list_buckets()["Buckets"],
            "functions": project.client("lambda").list_functions()["Functions"],
            "layers": project.client("lambda").list_layers()["Layers"],
            "mappings": project.client("lambda").list_event_source_mappings()["EventSourceMappings"],
            "parameters": project.client("ssm").describe_parameters()["Parameters"],
            "roles": [
                role for role in project.client("iam").list_roles()["Roles"] if role["RoleName"] != LOG_ROLE
            ],
            "policies": project.client("iam").list_policies(Scope="Local")["Policies"],
            "log groups": project.client("logs").describe_log_groups()["logGroups"],
            "alarms": project.client("cloudwatch").describe_alarms()["MetricAlarms"],
            "apis": project.client("apigateway").get_rest_apis()["items"],
        }
        return {kind: found for kind, found in there.items() if found}

    return find
