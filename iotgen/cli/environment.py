"""The environment that an operating command works on: its pipeline, and clients of its account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iotgen.cli.console import refuse_spec, say, to_stderr
from iotgen.cli.options import DEFAULT_SPEC
from iotgen.problem import Severity

if TYPE_CHECKING:
    from iotgen.build import Checked
    from iotgen.deploy import Clients, Deployment
    from iotgen.model.pipeline import Pipeline


@dataclass(frozen=True)
class Environment:
    """A spec's environment on a target."""

    checked: Checked
    pipeline: Pipeline
    deployment: Deployment

    @cached_property
    def clients(self) -> Clients:
        """boto3's clients, by service; RemoteError if there are no credentials, or no local AWS."""
        from iotgen.deploy import clients_in, require_credentials

        require_credentials(self.deployment)
        return clients_in(self.deployment, self.pipeline.region)


def opened(*, spec: Path, suffix: str, out: Path, target: str) -> Environment:
    """The environment that the options of `options.environment` choose; exits if the spec has errors."""
    from iotgen.deploy import Deployment, Target

    checked, pipeline = sound(spec, suffix)
    deployment = Deployment(
        target=Target(target),
        out=out,
        suffix=suffix,
        terraform=None,
        plugin_dir=None,
        sink=to_stderr,
        say=say,
    )
    return Environment(checked, pipeline, deployment)


def applying(given: Mapping[str, Any]) -> str:
    """The command that deploys the environment that the options choose."""
    spec = "" if given["spec"] == Path(DEFAULT_SPEC) else f" {given['spec']}"
    target = "" if given["target"] == "aws" else f" --target {given['target']}"
    return f"iotgen apply{spec} --suffix {given['suffix']}{target}"


def sound(spec: Path, suffix: str) -> tuple[Checked, Pipeline]:
    """A spec without errors, and its pipeline; otherwise prints the errors and exits."""
    from iotgen.build import check

    return without_errors(check(spec, suffix))


def without_errors(checked: Checked) -> tuple[Checked, Pipeline]:
    """What was checked, and its pipeline; prints the errors and exits if there are any."""
    if checked.pipeline is None or not checked.sound:
        errors = [problem for problem in checked.problems if problem.severity is Severity.ERROR]
        refuse_spec(errors, checked.texts)
    return checked, checked.pipeline
