"""CodeDeploy brings new versions live; its rollouts are started, followed, and reported when taken back."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
from botocore import session
from botocore.exceptions import ClientError
from botocore.validate import validate_parameters

from iotgen.errors import IotgenError, RemoteError
from iotgen.model.pipeline import Pipeline
from iotgen.operate.rollouts import Rollouts, TakenBackError
from tests.conftest import Compile

SPEC = """\
version: 1
pipeline: devices
functions:
  query: {source: handlers/query, url: true, rollout: {canary: 10, after: 5}}
  plain: {source: handlers/plain, url: true}
"""
LINE = "  query: version 2 gets 10% of the calls for 5 minutes, then all; version 1 is live until then"
Step = Callable[["Aws"], None]


class _MissingError(ClientError):
    def __init__(self) -> None:
        super().__init__({"Error": {"Code": "ResourceNotFoundException", "Message": ""}}, "Get")


class _Exceptions:
    ResourceNotFoundException = _MissingError
    ApplicationDoesNotExistException = _MissingError
    DeploymentGroupDoesNotExistException = _MissingError


@dataclass
class Aws:
    """An alias, versions and deployments; each look at a deployment takes the next of the `steps` of it.

    What it is asked is held against the real API's own description.
    """

    live: int = 1
    versions: list[int] = field(default_factory=lambda: [1, 2])
    shifted: dict[str, float] = field(default_factory=dict)
    deployments: dict[str, dict[str, Any]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    alarms: list[int] = field(default_factory=list)
    started: list[Any] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    now: float = 0.0
    exceptions = _Exceptions

    def __call__(self, service: str) -> "Client":
        return Client(self, service)

    def rollouts(self) -> Rollouts:
        return Rollouts(self, self.said.append, lambda: self.now, self.sleep)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def get_alias(self, **_: Any) -> Any:
        if not self.live:
            raise _MissingError
        routing = {"RoutingConfig": {"AdditionalVersionWeights": self.shifted}} if self.shifted else {}
        return {"FunctionVersion": str(self.live), **routing}

    def paginate(self, FunctionName: str) -> Iterator[Any]:  # noqa: N803
        assert FunctionName == "query-dev"
        yield {"Versions": [{"Version": "$LATEST"}]}
        yield {"Versions": [{"Version": str(one)} for one in self.versions]}

    def delete_function(self, Qualifier: str, **_: Any) -> None:  # noqa: N803
        self.deleted.append(Qualifier)

    def list_deployments(self, includeOnlyStatuses: list[str], **_: Any) -> Any:  # noqa: N803
        return {
            "deployments": [
                id for id, about in self.deployments.items() if about["status"] in includeOnlyStatuses
            ]
        }

    def create_deployment(self, **request: Any) -> Any:
        self.started.append(request)
        id = f"d-{len(self.started)}"
        self.deployments[id] = {"status": "Created", "revision": request["revision"]}
        return {"deploymentId": id}

    def get_deployment(self, deploymentId: str) -> Any:  # noqa: N803
        if self.deployments[deploymentId]["status"] not in ("Succeeded", "Failed", "Stopped") and self.steps:
            self.steps.pop(0)(self)
        return {"deploymentInfo": self.deployments[deploymentId]}

    def describe_alarms(self, AlarmNames: list[str], **_: Any) -> Any:  # noqa: N803
        assert AlarmNames == ["query-rollout-dev"]
        return {"MetricAlarms": [{}] * (self.alarms.pop(0) if self.alarms else 0)}


@cache
def _model(service: str) -> Any:
    return session.get_session().get_service_model(service)


@dataclass
class Client:
    """A client of a service, whose requests are validated."""

    aws: Aws
    service: str
    exceptions = _Exceptions

    def get_paginator(self, name: str) -> Aws:
        assert name == "list_versions_by_function"
        return self.aws

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        name = "".join(map(str.capitalize, operation.split("_")))
        shape = _model(self.service).operation_model(name).input_shape

        def call(**request: Any) -> Any:
            validate_parameters(request, shape)
            return getattr(self.aws, operation)(**request)

        return call


def _shift(share: float) -> Step:
    def step(aws: Aws) -> None:
        aws.shifted = {"2": share}

    return step


def _end(status: str, live: int, id: str = "d-1", **about: Any) -> Step:
    def step(aws: Aws) -> None:
        aws.live, aws.shifted = live, {}
        aws.deployments[id] |= {"status": status, **about}

    return step


def _nothing(_aws: Aws) -> None:
    """Nothing happens."""


@pytest.fixture
def pipeline(compile_spec: Compile) -> Pipeline:
    compiled = compile_spec(SPEC)
    assert compiled.pipeline
    return compiled.pipeline


def test_a_new_version_is_brought_live_and_followed(pipeline: Pipeline) -> None:
    aws = Aws(steps=[_nothing, _shift(0.1), _nothing, _end("Succeeded", 2)])
    (waiting,) = aws.rollouts().pending(pipeline)
    assert waiting.words == (
        "query: version 1 is live and 2 is not: it gets 10% of the calls for 5 minutes, then all"
    )
    aws.rollouts().finish(pipeline)
    assert aws.said == [
        LINE,
        "  query: 10% of the calls go to version 2",
        "  query: all calls go to version 2",
    ]
    (request,) = aws.started
    assert (request["applicationName"], request["deploymentGroupName"]) == ("query-dev", "live")
    assert request["revision"]["revisionType"] == "AppSpecContent"
    assert json.loads(request["revision"]["appSpecContent"]["content"]) == {
        "version": 0.0,
        "Resources": [
            {
                "query": {
                    "Type": "AWS::Lambda::Function",
                    "Properties": {
                        "Name": "query-dev",
                        "Alias": "live",
                        "CurrentVersion": "1",
                        "TargetVersion": "2",
                    },
                }
            }
        ],
    }
    assert aws.rollouts().pending(pipeline) == ()


def test_nothing_is_started_where_the_newest_version_is_live(pipeline: Pipeline) -> None:
    aws = Aws(live=2)
    aws.rollouts().finish(pipeline)
    assert (aws.started, aws.said) == ([], [])


def test_nothing_is_looked_for_before_the_first_apply(pipeline: Pipeline) -> None:
    assert Aws(live=0).rollouts().pending(pipeline) == ()


def test_a_version_that_is_taken_back_is_an_error_with_its_reason(pipeline: Pipeline) -> None:
    alarm = {"code": "ALARM_ACTIVE", "message": "One or more alarms have been activated."}
    failed = _end("Failed", 1, errorInformation=alarm, rollbackInfo={"rollbackDeploymentId": "d-2"})
    aws = Aws(steps=[_shift(0.1), failed, _nothing, _end("Succeeded", 1, "d-2")])
    aws.deployments["d-2"] = {"status": "Baking"}
    with pytest.raises(TakenBackError) as caught:
        aws.rollouts().finish(pipeline)
    assert caught.value.message == (
        "CodeDeploy took version 2 of query-dev back, and version 1 is live: ALARM_ACTIVE: One or more "
        "alarms have been activated"
    )
    assert caught.value.hint == (
        "Look at `iotgen logs` and `iotgen status`, correct it, and apply again. Without a correction, "
        "an apply tries the same version again."
    )
    assert aws.deployments["d-2"]["status"] == "Succeeded"


def test_a_rollout_under_way_is_followed_and_not_started_twice(pipeline: Pipeline) -> None:
    aws = Aws(shifted={"2": 0.1}, steps=[_nothing, _end("Succeeded", 2, "d-9")])
    aws.deployments["d-9"] = {"status": "InProgress"}
    (waiting,) = aws.rollouts().pending(pipeline)
    assert waiting.words == "query: a rollout is under way (d-9) and is followed"
    aws.rollouts().finish(pipeline)
    assert aws.started == []


def test_a_version_that_came_meanwhile_follows_whatever_became_of_the_one_before(pipeline: Pipeline) -> None:
    aws = Aws(versions=[1, 2, 3], steps=[_end("Stopped", 1, "d-9"), _end("Succeeded", 3)])
    content = {"content": '{"TargetVersion": "2"}'}
    aws.deployments["d-9"] = {"status": "InProgress", "revision": {"appSpecContent": content}}
    aws.rollouts().finish(pipeline)
    assert aws.said[0] == "  CodeDeploy took version 2 of query-dev back, and version 1 is live: Stopped"
    assert aws.live == 3
    assert len(aws.started) == 1


def test_an_alarm_about_the_version_before_has_time_to_forget_it(pipeline: Pipeline) -> None:
    aws = Aws(alarms=[1, 1, 0], steps=[_end("Succeeded", 2)])
    aws.rollouts().finish(pipeline)
    said = "  query: waiting until the alarm query-rollout-dev has forgotten the version before"
    assert aws.said[:2] == [said, LINE]
    assert aws.now == 10


def test_an_alarm_that_stays_stops_nothing_here_since_codedeploy_decides(pipeline: Pipeline) -> None:
    aws = Aws(alarms=[1] * 1000, steps=[_end("Succeeded", 2)])
    aws.rollouts().finish(pipeline)
    assert aws.live == 2


def test_a_rollout_that_never_ends_is_given_up(pipeline: Pipeline) -> None:
    aws = Aws()
    with pytest.raises(IotgenError) as caught:
        aws.rollouts().finish(pipeline)
    assert caught.value.message == "the rollout of query-dev has not ended in time (d-1)"
    assert caught.value.hint == (
        "AWS goes on with it: `aws deploy get-deployment --deployment-id d-1` shows it."
    )
    assert 3900 < aws.now < 3920


def test_old_versions_are_deleted_but_none_that_is_live(pipeline: Pipeline) -> None:
    aws = Aws(live=2, versions=list(range(1, 15)), steps=[_end("Succeeded", 14)])
    aws.rollouts().finish(pipeline)
    assert aws.deleted == ["1", "2", "3", "4"]
    aws = Aws(live=3, versions=list(range(3, 15)), steps=[_end("Succeeded", 3)])
    aws.rollouts().finish(pipeline)
    assert aws.deleted == ["4"]


def test_what_aws_refuses_is_an_error_with_the_permission(pipeline: Pipeline) -> None:
    class Denying(Aws):
        def create_deployment(self, **_: Any) -> Any:
            error: Any = {"Error": {"Code": "AccessDeniedException", "Message": "no."}}
            raise ClientError(error, "CreateDeployment")

    with pytest.raises(RemoteError) as caught:
        Denying().rollouts().finish(pipeline)
    assert caught.value.message == "cannot start the rollout of query-dev: AccessDeniedException: no"
    assert caught.value.hint == "The caller needs the permission codedeploy:CreateDeployment."
