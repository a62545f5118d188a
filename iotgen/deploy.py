"""Terraform for a rendered folder and a target.

On `aws`, Terraform runs in the rendered folder itself. On `local`, it runs in a folder beside it, with copies
of the same files, one override and a state of its own, against the project's local AWS.
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
from iotgen.kinds.endpoints import Api, api_addresses
from iotgen.local import server
from iotgen.local.environment import for_terraform
from iotgen.local.folder import belongs, local_folder, prepare
from iotgen.local.record import LocalAws
from iotgen.model.pipeline import Pipeline, State
from iotgen.output import pipeline_of, refuse_another
from iotgen.terraform.find import find_terraform
from iotgen.terraform.mirror import find_plugin_dir
from iotgen.terraform.root_module import RootModule
from iotgen.terraform.versions import Versions, versions

Say = Callable[[str], None]
# boto3's client of a service, by the service's name.
Clients = Callable[[str], Any]


class Target(StrEnum):
    """Where to deploy."""

    AWS = "aws"
    LOCAL = "local"


@dataclass(frozen=True)
class Deployment:
    """An environment of a project, on a target; `terraform` and `plugin_dir` are the values of the options.

    `sink` receives Terraform's output line by line (unless `full`, only errors and warnings), `say` lines of
    progress.
    """

    target: Target
    out: Path
    suffix: str
    terraform: str | None
    plugin_dir: str | None
    sink: Say
    say: Say
    full: bool = False

    @property
    def rendered(self) -> Path:
        """The rendered folder."""
        return self.out / self.suffix

    @property
    def local(self) -> Path:
        """The folder of the project's local AWS."""
        return local_aws_folder(self.out)


def local_aws_folder(out: Path) -> Path:
    """The folder of a project for the files of its local AWS."""
    return out / ".local"


def region_of(rendered: Path) -> str:
    """The region that a rendered folder deploys to; IotgenError if nothing is rendered there."""
    try:
        main = json.loads((rendered / "main.tf.json").read_text(encoding="utf-8"))
        return str(main["provider"]["aws"]["region"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IotgenError(
            f"nothing is rendered in {rendered}",
            "Run `iotgen render`, or choose another folder with `--suffix` and `--out`.",
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


def versions_of(deployment: Deployment) -> tuple[Versions, str]:
    """The versions in a rendered folder, and the range of Terraform's that it allows, if it is rendered."""
    folder, needed = Path.cwd(), ""
    if (deployment.rendered / "main.tf.json").exists():
        folder = deployment.rendered
        needed = json.loads((folder / "main.tf.json").read_text(encoding="utf-8"))["terraform"][
            "required_version"
        ]
    if deployment.target is Target.LOCAL and local_folder(folder).is_dir():
        folder = local_folder(folder)
    return versions(find_terraform(deployment.terraform, os.environ), folder, os.environ), needed


def ready(deployment: Deployment) -> RootModule:
    """Terraform for a plan of the rendered files; starts the local AWS if it is not running.

    Raises RemoteError if there is no Terraform, or the local AWS does not start.
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
    """Terraform on the files of the last apply; None if its local AWS has stopped."""
    region = region_of(deployment.rendered)
    if deployment.target is Target.AWS:
        return _on_aws(deployment)
    aws = server.status(deployment.local)
    folder = local_folder(deployment.rendered)
    if aws is None or not belongs(folder, aws):
        return None
    return _terraform(deployment, folder, for_terraform(os.environ, region, aws))


def outputs(deployment: Deployment) -> dict[str, object]:
    """The outputs of the deployment; IotgenError if nothing is deployed."""
    module = deployed(deployment)
    values = module.outputs() if module else {}
    if not values:
        message = f"nothing is deployed as `{deployment.suffix}` on target {deployment.target}"
        hint = f"Run `iotgen apply --target {deployment.target} --suffix {deployment.suffix}`."
        raise IotgenError(message, hint)
    return values


@dataclass(frozen=True)
class Caller:
    """The endpoint, region and credentials for signed calls to the deployed API."""

    endpoint: str
    region: str
    credentials: Credentials


def caller(deployment: Deployment) -> Caller:
    """The API's endpoint and the caller: on AWS the user, locally the root of the local account."""
    from iotgen.client.credentials import aws_credentials

    region = region_of(deployment.rendered)
    on_aws = deployment.target is Target.AWS
    credentials = aws_credentials() if on_aws else local_aws(deployment).credentials
    endpoint = outputs(deployment).get("api_endpoint")
    if endpoint is None:
        raise IotgenError("this pipeline has no API", "Add `endpoints` to the spec.")
    return Caller(str(endpoint), region, credentials)


def caller_of(deployment: Deployment, pipeline: Pipeline, clients: Clients) -> Caller:
    """The same, by the list of APIs instead of Terraform's state; IotgenError if it is not there."""
    api = pipeline.one(Api)
    if api is None:
        raise IotgenError("this pipeline has no API", "Add `endpoints` to the spec.")
    addresses = api_addresses(clients, api)
    if len(addresses) != 1:
        hint = f"`iotgen apply --target {deployment.target} --suffix {deployment.suffix}` deploys it."
        missing = f"the API `{api.name}` is not deployed"
        raise IotgenError(
            f"there are {len(addresses)} APIs named `{api.name}`" if addresses else missing, hint
        )
    return Caller(addresses[0], pipeline.region, account_of(deployment)[0])


def lacks_log_role(deployment: Deployment, pipeline: Pipeline | None) -> bool:
    """Whether the pipeline has an API, but its account and region no role for API logs."""
    api = pipeline.one(Api) if pipeline else None
    if api is None or not api.manage_account:
        return False
    return api_logs.lacking(clients(deployment))


def clients(deployment: Deployment) -> Clients:
    """boto3 clients for the account and region that a rendered folder is deployed to, by service."""
    return clients_in(deployment, region_of(deployment.rendered))


def clients_in(deployment: Deployment, region: str) -> Clients:
    """boto3 clients for the account of a deployment; RemoteError if the local AWS is not running."""
    import boto3

    if deployment.target is Target.AWS:
        on_aws: Any = boto3.Session(region_name=region).client
        return partial(on_aws)
    aws = local_aws(deployment)
    local: Any = boto3.Session(aws.access_key, aws.secret_key, region_name=region).client
    return partial(local, endpoint_url=aws.endpoint)


def account_of(deployment: Deployment) -> tuple[Credentials, str | None]:
    """The credentials that the target is used with, and its endpoint where it is not AWS itself."""
    from iotgen.client.credentials import aws_credentials

    if deployment.target is Target.AWS:
        return aws_credentials(), None
    aws = local_aws(deployment)
    return aws.credentials, aws.endpoint


def place_of(deployment: Deployment) -> str:
    """The target in words, with account and region, for the confirmation."""
    if deployment.target is Target.LOCAL:
        return f"the local AWS of {deployment.out}"
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        account = str(clients(deployment)("sts").get_caller_identity()["Account"])
    except (BotoCoreError, ClientError):
        account = "unknown (STS did not name it)"
    return f"AWS, account {account}, region {region_of(deployment.rendered)}"


def local_aws(deployment: Deployment) -> LocalAws:
    """The running local AWS of the project; RemoteError if it is not running."""
    return running(deployment.local)


def running(folder: Path) -> LocalAws:
    """The running local AWS of `folder`; RemoteError if it is not running."""
    aws = server.status(folder)
    if aws is None:
        message = server.died(folder) or "the local AWS is not running"
        raise RemoteError(
            message, "Run `iotgen apply --target local` to deploy to one, or `iotgen local up` to start it."
        )
    return aws


def require_credentials(deployment: Deployment) -> None:
    """RemoteError if there are no AWS credentials: at once, rather than after Terraform's own search."""
    if deployment.target is Target.AWS:
        from iotgen.client.credentials import aws_credentials

        aws_credentials()


def local_died(deployment: Deployment) -> RemoteError | None:
    """The error to show if the local AWS crashed while it was in use."""
    message = server.died(deployment.local) if deployment.target is Target.LOCAL else ""
    return RemoteError(message, "Run `iotgen apply --target local` to start it again.") if message else None


def _on_aws(deployment: Deployment) -> RootModule:
    return _terraform(deployment, deployment.rendered, dict(os.environ))


def _terraform(deployment: Deployment, folder: Path, env: dict[str, str]) -> RootModule:
    executable = find_terraform(deployment.terraform, os.environ)
    mirror = find_plugin_dir(deployment.plugin_dir, os.environ, folder=folder, registry=executable.registry)
    return RootModule(
        folder,
        executable,
        env=env,
        mirror=mirror,
        sink=deployment.sink,
        say=deployment.say,
        full=deployment.full,
    )
