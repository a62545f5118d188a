"""An apply leaves a record of what was deployed, whatever becomes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iotgen.build import check
from iotgen.deploy import Deployment, Target
from iotgen.errors import IotgenError, RemoteError
from iotgen.history.history import History
from iotgen.history.record import Action, Outcome
from iotgen.history.store import FolderStore
from iotgen.init import init
from iotgen.recording import history_of, project_of, recorded

if TYPE_CHECKING:
    from iotgen.recording import Project


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def deployment(tmp_path: Path, lines: list[str]) -> Deployment:
    return Deployment(
        target=Target.LOCAL,
        out=tmp_path / "out",
        suffix="dev",
        terraform=None,
        plugin_dir=None,
        sink=lines.append,
        say=lines.append,
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("project")
    list(init(root))
    spec = root / "specs/pipeline.yaml"
    return project_of(spec, check(spec, "dev"))


def test_a_project_that_is_restored_is_built_alike(
    project: Project, deployment: Deployment, tmp_path: Path
) -> None:
    history = history_of(deployment, None)
    with recorded(history, deployment, "iot-pipeline", Action.APPLY, project):
        pass
    (record,) = history.records()
    restored = history.restore(record, tmp_path / "restored")
    checked = check(restored, "dev")
    assert checked.sound
    assert project_of(restored, checked).files == project.files
    assert (record.action, record.outcome, record.pipeline) == (Action.APPLY, Outcome.DONE, "iot-pipeline")
    assert record.place == f"the local AWS of {deployment.out}"


@pytest.mark.parametrize("error", [RemoteError("refused"), KeyboardInterrupt()])
def test_a_failure_is_recorded(project: Project, deployment: Deployment, error: BaseException) -> None:
    history = history_of(deployment, None)
    with pytest.raises(type(error)), recorded(history, deployment, "p", Action.APPLY, project):
        raise error
    assert [record.outcome for record in history.records()] == [Outcome.FAILED]


def test_while_it_lasts_it_is_unfinished(project: Project, deployment: Deployment) -> None:
    history = history_of(deployment, None)
    with recorded(history, deployment, "p", Action.APPLY, project):
        assert [record.outcome for record in history.records()] == [Outcome.UNFINISHED]


def test_a_destroy_has_no_files(deployment: Deployment) -> None:
    history = history_of(deployment, None)
    with recorded(history, deployment, "p", Action.DESTROY, None):
        pass
    (record,) = history.records()
    assert (record.snapshot, record.restorable) == ("", False)


def test_a_record_that_cannot_be_written_stops_nothing(
    project: Project, deployment: Deployment, lines: list[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    done = []
    history = History(FolderStore(tmp_path / "file" / "below"))
    with recorded(history, deployment, "p", Action.APPLY, project):
        done.append(True)
    assert done == [True]
    assert lines[0].startswith(
        "this deployment is not recorded, so no rollback can return to it: cannot write"
    )


def test_environments_and_targets_have_records_of_their_own(deployment: Deployment) -> None:
    assert isinstance(history_of(deployment, None).store, FolderStore)
    store = history_of(deployment, None).store
    assert isinstance(store, FolderStore)
    assert store.folder == deployment.out / ".deployments/local/dev"


def test_without_any_there_is_nothing_to_return_to(deployment: Deployment) -> None:
    with pytest.raises(IotgenError, match="there is no deployment to return to"):
        history_of(deployment, None).target(None)
