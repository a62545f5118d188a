"""Rollouts: CodeDeploy shifts the calls of functions to their newest versions, and is followed until it has.

https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-lambda.html
"""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iotgen.errors import IotgenError
from iotgen.kinds.functions import ALIAS, Function, Rollout, rollout_alarm
from iotgen.model.alarm import Alarm
from iotgen.model.contents import Clients
from iotgen.model.pipeline import Pipeline
from iotgen.operate.refusal import explaining

# In seconds. CodeDeploy itself looks at alarms every few seconds, and shifts calls by the minute.
_PAUSE = 5.0
# How long an alarm may take to see that the version that it now watches has no errors.
_CALM = 180.0
# What CodeDeploy may take beside the time between the first and the last shift.
_MARGIN = 3600.0
# The old versions of a function that are kept: Lambda stores 75 GB for all of an account.
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_KEPT = 10
# Of what is followed at the same time: AWS answers only so many requests.
_PER_SECOND = 4
_OPEN = ("Created", "Queued", "InProgress", "Ready")
_SUCCEEDED, _ENDED = "Succeeded", ("Succeeded", "Failed", "Stopped")


@dataclass(frozen=True)
class Calls:
    """Who gets the calls of a function: the `live` version, and `shifted` shares of others by version."""

    live: int
    shifted: Mapping[int, float]


@dataclass(frozen=True)
class Pending:
    """A function whose calls do not all go to its `newest` version; CodeDeploy may be at it (`deployment`).

    `alarm` is the name of the one on the errors of its newest version.
    """

    function: Function
    rollout: Rollout
    alarm: str
    live: int
    newest: int
    deployment: str = ""

    @property
    def words(self) -> str:
        """What is to be done."""
        if self.deployment:
            return f"{self.function.key}: a rollout is under way ({self.deployment}) and is followed"
        return (
            f"{self.function.key}: version {self.live} is live and {self.newest} is not: it gets "
            f"{self.rollout.words}"
        )


@dataclass(frozen=True)
class _Followed:
    """A deployment that is followed; `until` is when that is given up."""

    pending: Pending
    id: str
    until: float


@dataclass(frozen=True)
class TakenBack:
    """The `version` of the function `key` that CodeDeploy did not bring live, and what it says of it."""

    key: str
    version: int
    words: str


class TakenBackError(IotgenError):
    """CodeDeploy did not bring a new version live; what was live before is so again."""


@dataclass(frozen=True)
class Rollouts:
    """Starts rollouts and follows them, by boto3's clients; `say` gets a line for each step."""

    clients: Clients
    say: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def pending(self, pipeline: Pipeline) -> tuple[Pending, ...]:
        """The deployed functions whose newest version is not live, or on the way there."""
        alarms = {alarm.key: alarm.name for alarm in pipeline.all(Alarm)}
        found = (
            self._pending(one, one.rollout, alarms[rollout_alarm(one.key)])
            for one in pipeline.all(Function)
            if one.rollout
        )
        return tuple(one for one in found if one)

    def finish(self, pipeline: Pipeline) -> None:
        """Bring the newest versions live; TakenBackError if CodeDeploy took one back.

        What is under way already is followed first, and then what it did not bring live.
        """
        waiting = self.pending(pipeline)
        if under_way := [one for one in waiting if one.deployment]:
            followed = [self._followed(one, one.deployment) for one in under_way]
            newest = {one.function.key: one.newest for one in under_way}
            ended = self._follow(followed)
            _refuse([one for one in ended if one.version == newest[one.key]])
            for one in ended:
                self.say(f"  {one.words}")
            waiting = self.pending(pipeline)
        _refuse(self._follow([self._followed(one, self._start(one)) for one in waiting]))
        for function in pipeline.all(Function):
            if function.rollout:
                self._prune(function)

    def _pending(self, function: Function, rollout: Rollout, alarm: str) -> Pending | None:
        calls = self._calls(function)
        if calls is None:
            return None
        newest = max(self._versions(function), default=calls.live)
        deployment = self._under_way(function)
        if calls.live == newest and not calls.shifted and not deployment:
            return None
        return Pending(function, rollout, alarm, calls.live, newest, deployment)

    def _calls(self, function: Function) -> Calls | None:
        """Who gets the calls, None before the first apply."""
        lambda_ = self.clients("lambda")
        with explaining(f"read the alias of {function.name}", "lambda:GetAlias"):
            try:
                alias = lambda_.get_alias(FunctionName=function.name, Name=ALIAS)
            except lambda_.exceptions.ResourceNotFoundException:
                return None
        weights = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
        return Calls(int(alias["FunctionVersion"]), {int(one): share for one, share in weights.items()})

    def _versions(self, function: Function) -> Iterator[int]:
        pages = self.clients("lambda").get_paginator("list_versions_by_function")
        with explaining(f"list the versions of {function.name}", "lambda:ListVersionsByFunction"):
            for page in pages.paginate(FunctionName=function.name):
                yield from (int(one["Version"]) for one in page["Versions"] if one["Version"].isdecimal())

    def _under_way(self, function: Function) -> str:
        """The id of the deployment that is under way, empty if none is; there is at most one."""
        codedeploy = self.clients("codedeploy")
        with explaining(f"list the rollouts of {function.name}", "codedeploy:ListDeployments"):
            try:
                found = codedeploy.list_deployments(
                    applicationName=function.name,
                    deploymentGroupName=ALIAS,
                    includeOnlyStatuses=list(_OPEN),
                )["deployments"]
            except (
                codedeploy.exceptions.ApplicationDoesNotExistException,
                codedeploy.exceptions.DeploymentGroupDoesNotExistException,
            ):
                return ""
        return str(found[0]) if found else ""

    def _start(self, pending: Pending) -> str:
        """Have CodeDeploy begin, and return the deployment's id."""
        function = pending.function
        self._calm(function.key, pending.alarm)
        revision = {
            "revisionType": "AppSpecContent",
            "appSpecContent": {"content": app_spec(function, pending.live, pending.newest)},
        }
        with explaining(f"start the rollout of {function.name}", "codedeploy:CreateDeployment"):
            answer = self.clients("codedeploy").create_deployment(
                applicationName=function.name, deploymentGroupName=ALIAS, revision=revision
            )
        self.say(
            f"  {function.key}: version {pending.newest} gets {pending.rollout.words}; version "
            f"{pending.live} is live until then"
        )
        return str(answer["deploymentId"])

    def _calm(self, key: str, name: str) -> None:
        """Wait until the alarm of the rollout, which watches another version since the apply, is over.

        CodeDeploy would stop at once, although the errors were those of the version before.
        """
        until, said = self.clock() + _CALM, False
        while self.clock() < until:
            with explaining(f"read the alarm {name}", "cloudwatch:DescribeAlarms"):
                found = self.clients("cloudwatch").describe_alarms(
                    AlarmNames=[name], StateValue="ALARM", AlarmTypes=["MetricAlarm"]
                )["MetricAlarms"]
            if not found:
                return
            if not said:
                self.say(f"  {key}: waiting until the alarm {name} has forgotten the version before")
                said = True
            self.sleep(_PAUSE)

    def _followed(self, pending: Pending, id: str) -> _Followed:
        return _Followed(pending, id, self.clock() + pending.rollout.duration * 60 + _MARGIN)

    def _follow(self, running: list[_Followed]) -> tuple[TakenBack, ...]:
        """Wait until all have ended, and return those that were taken back."""
        failed: list[TakenBack] = []
        shown: dict[str, str] = {}
        while running:
            for one in tuple(running):
                about = self._about(one.id)
                self._show(one, about, shown)
                if about["status"] in _ENDED:
                    running.remove(one)
                    if about["status"] != _SUCCEEDED:
                        failed.append(self._taken_back(one, about))
                elif self.clock() > one.until:
                    raise IotgenError(
                        f"the rollout of {one.pending.function.name} has not ended in time ({one.id})",
                        _looking(one.id),
                    )
            if running:
                self.sleep(max(_PAUSE, len(running) / _PER_SECOND))
        return tuple(failed)

    def _about(self, id: str) -> Mapping[str, Any]:
        with explaining(f"follow the rollout {id}", "codedeploy:GetDeployment"):
            info: Mapping[str, Any] = self.clients("codedeploy").get_deployment(deploymentId=id)[
                "deploymentInfo"
            ]
        return info

    def _show(self, one: _Followed, about: Mapping[str, Any], shown: dict[str, str]) -> None:
        """Say who gets the calls, when that has changed."""
        function = one.pending.function
        calls = self._calls(function)
        if calls is None:
            return
        parts = [
            f"{share:.0%} of the calls go to version {version}" for version, share in calls.shifted.items()
        ]
        line = ", ".join(parts) or f"all calls go to version {calls.live}"
        if shown.get(one.id, f"all calls go to version {one.pending.live}") != line:
            self.say(f"  {function.key}: {line}")
        shown[one.id] = line

    def _taken_back(self, one: _Followed, about: Mapping[str, Any]) -> TakenBack:
        """What became of a deployment that failed, once its rollback has ended."""
        function = one.pending.function
        back = about.get("rollbackInfo", {}).get("rollbackDeploymentId")
        until = self.clock() + _MARGIN
        while back and self._about(back)["status"] not in _ENDED and self.clock() < until:
            self.sleep(_PAUSE)
        error = about.get("errorInformation", {})
        reason = f"{error.get('code', about['status'])}: {error.get('message', '')}".rstrip(". :")
        calls = self._calls(function)
        live = (
            f"version {calls.live} is live" if calls and not calls.shifted else "its calls are still shared"
        )
        version = _target(about) or one.pending.newest
        words = f"CodeDeploy took version {version} of {function.name} back, and {live}: {reason}"
        return TakenBack(function.key, version, words)

    def _prune(self, function: Function) -> None:
        """Delete the versions before the newest ten, but none that is live."""
        calls, versions = self._calls(function), sorted(self._versions(function))
        kept = {calls.live, *calls.shifted} if calls else set(versions)
        for version in versions[:-_KEPT]:
            if version not in kept:
                with explaining(f"delete version {version} of {function.name}", "lambda:DeleteFunction"):
                    self.clients("lambda").delete_function(FunctionName=function.name, Qualifier=str(version))


def _refuse(taken_back: Sequence[TakenBack]) -> None:
    """TakenBackError if there are any."""
    if taken_back:
        hint = (
            "Look at `iotgen logs` and `iotgen status`, correct it, and apply again. Without a correction, "
            "an apply tries the same version again."
        )
        raise TakenBackError("; ".join(one.words for one in taken_back), hint)


def _target(about: Mapping[str, Any]) -> int | None:
    """The version that a deployment brings live, None if it does not say."""
    revision = about.get("revision", {})
    content = (revision.get("appSpecContent") or revision.get("string") or {}).get("content", "")
    found = re.search(r'"TargetVersion": *"(\d+)"', content)
    return int(found[1]) if found else None


def app_spec(function: Function, live: int, newest: int) -> str:
    """What CodeDeploy is to do: https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-example.html."""
    properties = {
        "Name": function.name,
        "Alias": ALIAS,
        "CurrentVersion": str(live),
        "TargetVersion": str(newest),
    }
    resource = {function.key: {"Type": "AWS::Lambda::Function", "Properties": properties}}
    return json.dumps({"version": 0.0, "Resources": [resource]})


def _looking(id: str) -> str:
    return f"AWS goes on with it: `aws deploy get-deployment --deployment-id {id}` shows it."
