"""A build and a target, to a Terraform that is ready for both.

On `aws`, Terraform runs in the rendered folder as it is. On `local`, it runs in a folder beside it that has
copies of the same files, one override, and a state of its own, against the project's local AWS.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from iotgen import api_logs
from iotgen.credentials import Credentials
from iotgen.errors import IotgenError, RemoteError
from iotgen.kinds.endpoints import Api
from iotgen.local import server
from iotgen.local.environment import for_terraform
from iotgen.local.folder import belongs, local_folder, prepare
from iotgen.local.record import LocalAws
from iotgen.model.pipeline import Pipeline, State
from iotgen.output import pipeline_of, refuse_another
from iotgen.terraform.find import find_terraform
from iotgen.terraform.mirror import find_plugin_dir
from iotgen.terraform.root_module import RootModule

Say = Callable[[str], None]
# boto3's client of a service, by the service's name.
Clients = Callable[[str], Any]


class Target(StrEnum):
    """Where to deploy."""

    AWS = "aws"
    LOCAL = "local"


@dataclass(frozen=True)
class Deployment:
    """An environment of a project, on a target; `terraform` and `plugin_dir` are what the user asked for.

    `sink` gets Terraform's own lines as they come, `say` lines of progress.
    """

    target: Target
    out: Path
    suffix: str
    terraform: str | None
    plugin_dir: str | None
    sink: Say
    say: Say

    @property
    def rendered(self) -> Path:
        """The rendered folder."""
        return self.out / self.suffix

    @property
    def local(self) -> Path:
        """The folder of the project's local AWS."""
        return local_aws_folder(self.out)


def local_aws_folder(out: Path) -> Path:
    """Where a project keeps what it knows of its local AWS."""
    return out / ".local"


def region_of(rendered: Path) -> str:
    """The region that a rendered folder deploys to; IotgenError when nothing is rendered there."""
    try:
        main = json.loads((rendered / "main.tf.json").read_text(encoding="utf-8"))
        return str(main["provider"]["aws"]["region"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IotgenError(
            f"nothing is rendered in {rendered}",
            "`iotgen render` makes it; `--suffix` and `--out` choose another one.",
        ) from error


def state_of(rendered: Path) -> State | None:
    """The S3 object that has the state of a rendered folder, None if the state is in the folder itself."""
    try:
        main = json.loads((rendered / "main.tf.json").read_text(encoding="utf-8"))
        s3 = main["terraform"].get("backend", {}).get("s3")
        return State(s3["bucket"], s3["key"], s3["region"]) if s3 else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IotgenError(
            f"{rendered / 'main.tf.json'} is damaged: it is not as iotgen renders it", "Run `iotgen render`."
        ) from error


def ready(deployment: Deployment) -> RootModule:
    """Terraform on what is rendered, for a plan; the local AWS is started when it isn't up.

    Raises RemoteError when there are no AWS credentials, no Terraform, or no local AWS to be had.
    """
    region = region_of(deployment.rendered)
    if deployment.target is Target.AWS:
        return _on_aws(deployment)
    aws = server.up(deployment.local, say=deployment.say, region=region)
    folder = local_folder(deployment.rendered)
    if belongs(folder, aws) and (pipeline := pipeline_of(deployment.rendered)):
        refuse_another(folder, pipeline)
    if note := server.interpreter_note():
        deployment.say(note)
    return _terraform(deployment, prepare(deployment.rendered, aws), for_terraform(os.environ, region, aws))


def deployed(deployment: Deployment) -> RootModule | None:
    """Terraform on what was applied before, as it was; None when that is gone with its local AWS."""
    region = region_of(deployment.rendered)
    if deployment.target is Target.AWS:
        return _on_aws(deployment)
    aws = server.status(deployment.local)
    folder = local_folder(deployment.rendered)
    if aws is None or not belongs(folder, aws):
        return None
    return _terraform(deployment, folder, for_terraform(os.environ, region, aws))


def outputs(deployment: Deployment) -> dict[str, object]:
    """The outputs of what is deployed; IotgenError when nothing is."""
    module = deployed(deployment)
    values = module.outputs() if module else {}
    if not values:
        what = f"`{deployment.suffix}` on target {deployment.target}"
        hint = f"`iotgen apply --target {deployment.target} --suffix {deployment.suffix}` deploys it."
        raise IotgenError(f"nothing is deployed as {what}", hint)
    return values


@dataclass(frozen=True)
class Caller:
    """What a signed call to the deployed API needs."""

    endpoint: str
    region: str
    credentials: Credentials


def caller(deployment: Deployment) -> Caller:
    """The API's address, and who calls it: on AWS the user, locally the root of the local account."""
    from iotgen.client.credentials import aws_credentials

    region = region_of(deployment.rendered)
    on_aws = deployment.target is Target.AWS
    credentials = aws_credentials() if on_aws else local_aws(deployment).credentials
    endpoint = outputs(deployment).get("api_endpoint")
    if endpoint is None:
        raise IotgenError("this pipeline has no API", "Add `endpoints` to the spec.")
    return Caller(str(endpoint), region, credentials)


def lacks_log_role(deployment: Deployment, pipeline: Pipeline | None) -> bool:
    """Whether the pipeline has an API, and its account and region no role for API logs yet."""
    api = pipeline.one(Api) if pipeline else None
    if api is None or not api.manage_account:
        return False
    return api_logs.lacking(clients(deployment))


def clients(deployment: Deployment) -> Clients:
    """boto3's clients of the account and region that a rendered folder is deployed to."""
    return clients_in(deployment, region_of(deployment.rendered))


def clients_in(deployment: Deployment, region: str) -> Clients:
    """boto3's clients of the account that is deployed to; RemoteError if the local AWS is not running."""
    import boto3

    if deployment.target is Target.AWS:
        on_aws: Any = boto3.Session(region_name=region).client
        return partial(on_aws)
    aws = local_aws(deployment)
    local: Any = boto3.Session(aws.access_key, aws.secret_key, region_name=region).client
    return partial(local, endpoint_url=aws.endpoint)


def place_of(deployment: Deployment) -> str:
    """Where a deployment goes, as the one who is asked needs to know it."""
    if deployment.target is Target.LOCAL:
        return f"the local AWS of {deployment.out}"
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        account = str(clients(deployment)("sts").get_caller_identity()["Account"])
    except (BotoCoreError, ClientError):
        account = "unknown (STS did not name it)"
    return f"AWS, account {account}, region {region_of(deployment.rendered)}"


def local_aws(deployment: Deployment) -> LocalAws:
    """The project's local AWS, which runs; RemoteError when it does not."""
    return running(deployment.local)


def running(folder: Path) -> LocalAws:
    """The local AWS of its folder, which runs; RemoteError when it does not."""
    aws = server.status(folder)
    if aws is None:
        message = server.died(folder) or "the local AWS is not running"
        raise RemoteError(message, "`iotgen apply --target local` starts it and deploys to it.")
    return aws


def require_credentials(deployment: Deployment) -> None:
    """Find out at once that there are no AWS credentials, rather than after Terraform's own search."""
    if deployment.target is Target.AWS:
        from iotgen.client.credentials import aws_credentials

        aws_credentials()


def local_died(deployment: Deployment) -> RemoteError | None:
    """The error to show when the local AWS ended by itself while it was in use."""
    message = server.died(deployment.local) if deployment.target is Target.LOCAL else ""
    return RemoteError(message, "`iotgen apply --target local` starts anew.") if message else None


def _on_aws(deployment: Deployment) -> RootModule:
    return _terraform(deployment, deployment.rendered, dict(os.environ))


def _terraform(deployment: Deployment, folder: Path, env: dict[str, str]) -> RootModule:
    executable = find_terraform(deployment.terraform, os.environ)
    mirror = find_plugin_dir(deployment.plugin_dir, os.environ, folder=folder, registry=executable.registry)
    return RootModule(folder, executable, env=env, mirror=mirror, sink=deployment.sink, say=deployment.say)
