"""The target `aws`, as far as it can be seen without an account: against an emulator's endpoint.

`AWS_ENDPOINT_URL` is the SDKs' own way to another endpoint, so iotgen takes exactly the path that it
takes to AWS.
"""

from collections.abc import Iterator
from typing import Any

import pytest

SPEC = "specs/pipeline.yaml"

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def account(project: Any) -> Iterator[dict[str, str]]:
    """The environment of somebody who is logged in."""
    endpoint = project.run("local", "up").strip()
    yield {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": project.aws.access_key,
        "AWS_SECRET_ACCESS_KEY": project.aws.secret_key,
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }
    project.run("local", "down")


def test_a_plan_adds_everything(project: Any, account: dict[str, str]) -> None:
    told = project.run("plan", SPEC, "--target", "aws", **account)
    assert told.splitlines()[-1].endswith(" to create; nothing is deployed as `dev` yet")


def test_the_folder_holds_nothing_of_ours(project: Any, account: dict[str, str]) -> None:
    project.run("plan", SPEC, "--target", "aws", **account)
    folder = project.folder / "out/dev"
    there = {path.name for path in folder.iterdir() if not path.name.endswith(".tf.json")}
    assert there == {".iotgen.json", "artifacts", ".terraform", ".terraform.lock.hcl"}
    assert not list(folder.glob("*override*"))
    assert not list(folder.rglob("*.tfplan"))


def test_without_credentials_nothing_is_tried(project: Any) -> None:
    nobody = {
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for command in (["plan", SPEC], ["apply", SPEC, "--yes"], ["send", "{}"]):
        told = project.run(*command, "--target", "aws", code=3, **nobody)
        assert "error: there are no AWS credentials" in told
        assert "AWS_PROFILE" in told


def test_the_first_apply_looks_at_the_account_before_it_changes_anything(
    project: Any, account: dict[str, str]
) -> None:
    queue = project.client("sqs").create_queue(QueueName="iot-ingestion-dev")["QueueUrl"]
    told = project.run("apply", SPEC, "--target", "aws", "--yes", code=1, **account)
    assert "the queue `iot-ingestion-dev` exists already, and is not part of this environment" in told
    assert "error: nothing was changed: the apply would fail, for the reasons above\n" in told
    assert project.client("sqs").list_queues()["QueueUrls"] == [queue]
    project.client("sqs").delete_queue(QueueUrl=queue)
