"""Records of deployments: kept beside Terraform's state, around what Terraform applies."""

import getpass
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from iotgen import __version__
from iotgen.build import Checked
from iotgen.deploy import Deployment, Target, clients_in, place_of
from iotgen.errors import IotgenError
from iotgen.history.files import project_files, spec_in
from iotgen.history.history import History
from iotgen.history.record import Action, Outcome, Record
from iotgen.history.revision import revision
from iotgen.history.store import BucketStore, FolderStore
from iotgen.model.pipeline import State
from iotgen.patch.own import FOLDER

Say = Callable[[str], None]


def history_of(deployment: Deployment, state: State | None) -> History:
    """The records of an environment: in the bucket of `state`, if it has one, else in the output folder."""
    if deployment.target is Target.AWS and state:
        s3 = clients_in(deployment, state.region)("s3")
        return History(BucketStore(s3, state.bucket, f"{state.key}.deployments/"))
    folder = deployment.out / ".deployments" / str(deployment.target) / deployment.suffix
    return History(FolderStore(folder))


@dataclass(frozen=True)
class Project:
    """The files of a deployment: by path, with the spec's own path and git's revision."""

    spec: str
    revision: str
    files: Mapping[str, bytes]


def project_of(spec: Path, checked: Checked) -> Project:
    """The project's files as they are deployed."""
    own = [f"{FOLDER}/{name}" for name in checked.own.texts]
    files = project_files(checked.root, spec, checked.sources, own)
    return Project(spec_in(checked.root, spec), revision(checked.root, sorted(files)), files)


@contextmanager
def recorded(
    history: History,
    deployment: Deployment,
    pipeline: str,
    action: Action,
    project: Project | None,
    restores: str = "",
) -> Iterator[None]:
    """Record the deployment that happens meanwhile, and how it ends.

    A record that cannot be written stops nothing: `deployment.say` gets the reason.
    """
    begun = _begin(history, deployment, pipeline, action, project, restores)
    try:
        yield
    except BaseException:
        _finish(history, begun, Outcome.FAILED, deployment.say)
        raise
    _finish(history, begun, Outcome.DONE, deployment.say)


def _begin(
    history: History,
    deployment: Deployment,
    pipeline: str,
    action: Action,
    project: Project | None,
    restores: str,
) -> Record | None:
    record = Record(
        id="",
        action=action,
        outcome=Outcome.UNFINISHED,
        pipeline=pipeline,
        suffix=deployment.suffix,
        place=place_of(deployment),
        who=_author(deployment),
        began=datetime.now(UTC).isoformat(timespec="seconds"),
        version=__version__,
        revision=project.revision if project else "",
        spec=project.spec if project else "",
        restores=restores,
    )
    try:
        return history.begin(record, project.files if project else {})
    except IotgenError as error:
        deployment.say(f"this deployment is not recorded, so no rollback can return to it: {error.message}")
        return None


def _finish(history: History, begun: Record | None, outcome: Outcome, say: Say) -> None:
    if begun is None:
        return
    try:
        history.finish(begun, outcome, datetime.now(UTC))
    except IotgenError as error:
        say(f"the end of this deployment is not recorded: {error.message}")


def _author(deployment: Deployment) -> str:
    """The user of AWS, or of this machine; `unknown` if neither has a name."""
    if deployment.target is Target.LOCAL:
        try:
            return getpass.getuser()
        except (OSError, KeyError):  # a user without an entry in the password database
            return "unknown"
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        region = "us-east-1"  # the name of the caller is the same in each
        return str(clients_in(deployment, region)("sts").get_caller_identity()["Arn"])
    except (BotoCoreError, ClientError):
        return "unknown"
