"""What each apply leaves, and which deployment a rollback returns to."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from iotgen.errors import IotgenError, RemoteError
from iotgen.history.files import project_files, spec_in
from iotgen.history.history import KEPT, History
from iotgen.history.record import Action, Outcome, Record, before
from iotgen.history.revision import revision
from iotgen.history.snapshot import digest, pack, unpack
from iotgen.history.store import BucketStore, FolderStore, Store
from iotgen.model.sources import Sources
from tests.emptied import empty_aws

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
FILES = {"specs/pipeline.yaml": b"version: 1\n", "handlers/f/handler.py": b"def handler(): ...\n"}


def _record(minutes: int = 0, **given: Any) -> Record:
    began = (START + timedelta(minutes=minutes)).isoformat()
    settings: dict[str, Any] = {
        "id": f"{minutes:03}",
        "action": Action.APPLY,
        "outcome": Outcome.DONE,
        "pipeline": "p",
        "suffix": "dev",
        "place": "AWS, account 1, region us-east-1",
        "who": "me",
        "began": began,
        "version": "1",
        "spec": "specs/pipeline.yaml",
        "snapshot": f"{minutes:064x}",
    }
    return Record(**settings | given)


def _kept(history: History, minutes: int, outcome: Outcome = Outcome.DONE, **given: Any) -> Record:
    files = given.pop("files", FILES | {"n": str(minutes).encode()})
    begun = history.begin(_record(minutes, outcome=Outcome.UNFINISHED, **given), files)
    history.finish(begun, outcome, START + timedelta(minutes=minutes, seconds=30))
    return begun


@pytest.fixture(params=["folder", pytest.param("bucket", marks=pytest.mark.system)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    if request.param == "folder":
        yield FolderStore(tmp_path / "kept")
        return
    with empty_aws():
        s3 = boto3.client("s3", "us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        s3.create_bucket(Bucket="state")
        yield BucketStore(s3, "state", "p/dev.tfstate.deployments/")


def test_what_is_kept_comes_back(store: Store, tmp_path: Path) -> None:
    history = History(store)
    begun = _kept(history, 1)
    (record,) = history.records()
    assert (record.id, record.outcome, record.ended) == (begun.id, Outcome.DONE, "2026-01-02T03:05:35+00:00")
    assert record.id.startswith("20260102T030505Z-")
    spec = history.restore(record, tmp_path / "back")
    assert spec.read_bytes() == FILES["specs/pipeline.yaml"]
    assert (tmp_path / "back/handlers/f/handler.py").read_bytes() == FILES["handlers/f/handler.py"]


def test_a_deployment_that_was_killed_is_unfinished(store: Store) -> None:
    history = History(store)
    history.begin(_record(outcome=Outcome.UNFINISHED), FILES)
    assert [record.outcome for record in history.records()] == [Outcome.UNFINISHED]


def test_the_oldest_go(store: Store) -> None:
    history = History(store)
    for number in range(KEPT + 2):
        _kept(history, number)
    assert len(history.ids()) == KEPT
    assert len(store.names()) == 2 * KEPT


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        ([], None),
        ([_record(1)], None),
        ([_record(2), _record(1)], "001"),
        ([_record(3, outcome=Outcome.FAILED), _record(2), _record(1)], "002"),
        ([_record(3, outcome=Outcome.UNFINISHED), _record(2), _record(1)], "002"),
        ([_record(3, action=Action.DESTROY, snapshot=""), _record(2), _record(1)], "002"),
        ([_record(3), _record(2, outcome=Outcome.FAILED), _record(1)], "001"),
        # After a rollback from 3 to 2, the one before is 1, not the bad one.
        ([_record(4, restores="002", snapshot="b"), _record(3), _record(2, snapshot="b"), _record(1)], "001"),
        # The same files again are no other deployment.
        ([_record(3, snapshot="b"), _record(2, snapshot="b"), _record(1)], "001"),
    ],
)
def test_the_deployment_to_return_to(earlier: list[Record], expected: str | None) -> None:
    found = before(earlier)
    assert (found and found.id) == expected


def test_one_is_chosen_by_the_start_of_its_id(store: Store) -> None:
    history = History(store)
    first, second = _kept(history, 1), _kept(history, 2)
    assert history.target(first.id[:-3]).id == first.id
    assert history.target(None).id == first.id
    with pytest.raises(IotgenError, match="2 deployments have the id `2026`"):
        history.target("2026")
    with pytest.raises(IotgenError, match="no deployment has the id `1999`"):
        history.target("1999")
    assert second.id != first.id


def test_without_an_earlier_one_there_is_nothing_to_return_to(store: Store) -> None:
    with pytest.raises(IotgenError, match="there is no deployment to return to"):
        History(store).target(None)


@pytest.mark.parametrize(
    ("given", "message"),
    [({"outcome": Outcome.FAILED}, "failed"), ({"files": {}}, "was a destroy")],
)
def test_what_was_never_in_effect_is_refused(store: Store, given: dict[str, Any], message: str) -> None:
    history = History(store)
    kept = _kept(history, 1, **given)
    with pytest.raises(IotgenError, match=message):
        history.target(kept.id)


def test_a_damaged_record_is_named(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put("20260102T030405Z-abc.json", b"{")
    with pytest.raises(IotgenError, match=r"the record 20260102T030405Z-abc\.json is damaged"):
        list(History(store).records())


def test_a_snapshot_that_is_gone_or_damaged_is_said(store: Store, tmp_path: Path) -> None:
    history = History(store)
    kept = _kept(history, 1)
    store.put(f"{kept.id}.zip", b"no archive")
    with pytest.raises(IotgenError, match="is damaged"):
        history.restore(kept, tmp_path / "back")
    store.remove(f"{kept.id}.zip")
    with pytest.raises(IotgenError, match="are gone"):
        history.restore(kept, tmp_path / "back")


def test_a_snapshot_leads_nowhere_else(tmp_path: Path) -> None:
    with pytest.raises(IotgenError, match="outside of the project"):
        unpack(pack({"../elsewhere": b""}), tmp_path / "back")
    assert not (tmp_path / "elsewhere").exists()


def test_the_same_files_are_the_same_snapshot() -> None:
    other = dict(reversed(FILES.items()))
    assert (pack(FILES), digest(FILES)) == (pack(other), digest(other))
    assert digest(FILES) != digest(FILES | {"x": b""})


def test_only_the_owner_reads_the_records(tmp_path: Path) -> None:
    _kept(History(FolderStore(tmp_path / "kept")), 1)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "kept").iterdir()}
    assert (modes, stat.S_IMODE((tmp_path / "kept").stat().st_mode)) == ({0o600}, 0o700)


def test_a_bucket_that_refuses_says_what_it_needs() -> None:
    with empty_aws():
        s3 = boto3.client("s3", "us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        with pytest.raises(RemoteError) as raised:
            BucketStore(s3, "state", "p/").names()
    assert raised.value.message.startswith("cannot list the records in s3://state/p/: ")
    assert "PutObject" in raised.value.hint


def test_the_snapshot_has_what_the_spec_names(tmp_path: Path) -> None:
    for name in (
        "specs/p.yaml",
        "h/f.py",
        "h/.hidden",
        "h/f.pyc",
        "terraform/own.tf",
        "body.json",
        "other.txt",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    sources = Sources(
        folders={"h": ("f.py", ".hidden", "f.pyc"), "gone": None}, texts={"body.json": "", "no": None}
    )
    files = project_files(tmp_path, tmp_path / "specs/p.yaml", sources, ["terraform/own.tf"])
    assert sorted(files) == ["body.json", "h/f.py", "specs/p.yaml", "terraform/own.tf"]
    assert spec_in(tmp_path / "project", tmp_path / "p.yaml") == "p.yaml"


def test_a_revision_says_whether_files_differ_from_it() -> None:
    answers = {"rev-parse": "abc\n", "status": " M specs/p.yaml\n"}
    assert revision(Path("/p"), ["specs/p.yaml"], lambda argv: answers[argv[2]]) == "abc+"
    assert revision(Path("/p"), [], lambda argv: answers["rev-parse"] if "rev-parse" in argv else "") == "abc"
    assert revision(Path("/p"), [], lambda _argv: "") == ""


def test_a_record_of_a_newer_version_is_not_guessed_at(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    data = json.loads(_record().text()) | {"outcome": "paused"}
    store.put("x.json", json.dumps(data).encode())
    with pytest.raises(IotgenError, match="newer version"):
        list(History(store).records())
