"""What an apply says of rollouts, and where there are none."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from iotgen.build import Built
from iotgen.cli.rollouts import finish_rollouts, going_on, say_rollouts, waiting_rollouts
from iotgen.deploy import Deployment, Target
from iotgen.errors import RemoteError
from iotgen.kinds.functions import Function
from iotgen.kinds.functions.status import FUNCTION_STATUS
from iotgen.operate.rollouts import app_spec
from iotgen.terraform.plan import Change, Contents
from tests.emptied import empty_aws

if TYPE_CHECKING:
    from tests.conftest import Compile

pytestmark = pytest.mark.system
SPEC = """\
version: 1
pipeline: devices
functions:
  query: {source: handlers/query, url: true, rollout: {linear: 20, every: 1}}
"""
WAITING = "query: version 1 is live and 2 is not: it gets 20% more of the calls every minute"


@pytest.fixture
def deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deployment:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    (tmp_path / "dev").mkdir()
    main = '{"provider": {"aws": {"region": "us-east-1"}}}'
    (tmp_path / "dev/main.tf.json").write_text(main, encoding="utf-8")
    return Deployment(Target.AWS, tmp_path, "dev", None, None, sink=print, say=print)


@pytest.fixture
def done(compile_spec: Compile) -> Built:
    return Built(compile_spec(SPEC).pipeline, (), {})


def _deploy() -> None:
    """A function with two versions, of which the first is live, and what CodeDeploy has of it."""
    role = boto3.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    lambda_ = boto3.client("lambda", "us-east-1")
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/query"
    lambda_.create_function(
        FunctionName="query-dev",
        PackageType="Image",
        Role=role,
        Code={"ImageUri": f"{image}:1"},
        Publish=True,
    )
    lambda_.create_alias(FunctionName="query-dev", Name="live", FunctionVersion="1")
    lambda_.update_function_code(FunctionName="query-dev", ImageUri=f"{image}:2", Publish=True)
    codedeploy = boto3.client("codedeploy", "us-east-1")
    codedeploy.create_application(applicationName="query-dev", computePlatform="Lambda")
    codedeploy.create_deployment_group(
        applicationName="query-dev", deploymentGroupName="live", serviceRoleArn=role
    )


def test_what_an_earlier_apply_left_is_said(
    deployment: Deployment, done: Built, capsys: pytest.CaptureFixture[str]
) -> None:
    with empty_aws():
        assert waiting_rollouts(deployment, done) == ()
        _deploy()
        waiting = waiting_rollouts(deployment, done)
    say_rollouts(deployment, done, Contents(), waiting)
    assert capsys.readouterr().err == f"{WAITING}\n"


def test_a_rollout_under_way_is_found(deployment: Deployment, done: Built) -> None:
    with empty_aws():
        _deploy()
        (waiting,) = waiting_rollouts(deployment, done)
        content = app_spec(waiting.function, waiting.live, waiting.newest)
        id = boto3.client("codedeploy", "us-east-1").create_deployment(
            applicationName="query-dev",
            deploymentGroupName="live",
            revision={"revisionType": "AppSpecContent", "appSpecContent": {"content": content}},
        )["deploymentId"]
        assert [one.deployment for one in waiting_rollouts(deployment, done)] == [id]


def test_the_status_has_the_version_that_is_live(done: Built, deployment: Deployment) -> None:
    assert deployment
    assert done.pipeline
    (function,) = done.pipeline.all(Function)
    with empty_aws():
        _deploy()
        boto3.client("sqs", "us-east-1").create_queue(QueueName=function.dead_letter_name)
        clients: Any = partial(boto3.client, region_name="us-east-1")
        lambda_ = clients("lambda")

        def live() -> object:
            facts = FUNCTION_STATUS.facts(clients, function)
            return next(fact.value for fact in facts if fact.column == "live")

        assert live() == "version 1"
        routing: Any = {"AdditionalVersionWeights": {"2": 0.2}}
        lambda_.update_alias(FunctionName="query-dev", Name="live", RoutingConfig=routing)
        assert live() == "version 1, 20% of the calls to version 2"
        lambda_.update_alias(
            FunctionName="query-dev", Name="live", FunctionVersion="$LATEST", RoutingConfig={}
        )
        assert live() == "the newest code"


def test_a_plan_says_what_becomes_of_new_versions(
    deployment: Deployment, done: Built, capsys: pytest.CaptureFixture[str]
) -> None:
    change = Change(
        address="aws_lambda_function.query",
        type="aws_lambda_function",
        label="query",
        actions=("update",),
        before={"publish": True},
        after={"publish": True},
        after_unknown={"version": True},
    )
    say_rollouts(deployment, done, Contents(changes=(change,)), ())
    said = "query: the new version gets 20% more of the calls every minute; errors take it back\n"
    assert capsys.readouterr().err == said


def test_the_local_aws_has_none(
    deployment: Deployment, done: Built, capsys: pytest.CaptureFixture[str]
) -> None:
    local = replace(deployment, target=Target.LOCAL)
    assert waiting_rollouts(local, done) == ()
    say_rollouts(local, done, Contents(), ())
    finish_rollouts(local, done)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RemoteError("no network")])
def test_who_follows_no_more_hears_that_aws_goes_on(
    error: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(type(error)), going_on():
        raise error
    assert capsys.readouterr().err == (
        "What has begun of the rollouts goes on without iotgen: `iotgen status` shows which version is live, "
        "and `iotgen apply` follows them again.\n"
    )
