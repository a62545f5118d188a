from pathlib import Path

import pytest

from iotgen.build import check
from iotgen.errors import IotgenError
from iotgen.init import init
from iotgen.problem import Severity


def test_the_new_project_is_sound_as_it_is(tmp_path: Path) -> None:
    made = init(tmp_path / "new" / "project")
    folder = tmp_path / "new" / "project"
    assert {"specs/pipeline.yaml", "specs/s3-events.yaml", "handlers/data_ingestion"} <= set(made)
    assert all((folder / name).exists() for name in made)
    for spec in ("pipeline.yaml", "s3-events.yaml", "mqtt.yaml"):
        checked = check(folder / "specs" / spec, "dev")
        assert {found.severity for found in checked.problems} <= {Severity.INFO}
        assert checked.root == folder


def test_it_is_the_reference_pipeline(tmp_path: Path, repo: Path) -> None:
    init(tmp_path)
    for reference in (repo / "specs").glob("*.yaml"):
        made = (tmp_path / "specs" / reference.name).read_text(encoding="utf-8")
        assert made.endswith(reference.read_text(encoding="utf-8"))
    for module in (repo / "handlers").rglob("*.py"):
        assert (tmp_path / module.relative_to(repo)).read_bytes() == module.read_bytes()
    assert not list(tmp_path.rglob("__pycache__"))


def test_its_generated_files_and_keys_of_devices_are_not_for_git(tmp_path: Path) -> None:
    init(tmp_path)
    assert {"/out/", "*.key"} <= set((tmp_path / ".gitignore").read_text().splitlines())


def test_an_own_gitignore_stays(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    init(tmp_path)
    assert (tmp_path / ".gitignore").read_text() == "mine\n"


@pytest.mark.parametrize("name", ["specs", "handlers"])
def test_what_is_there_is_not_overwritten(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "mine").write_text("mine")
    with pytest.raises(IotgenError) as raised:
        init(tmp_path)
    assert raised.value.message == f"{tmp_path / name} already exists"
    assert raised.value.hint == "Choose an empty folder: `iotgen init DIR`."
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["mine"]


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "project").write_text("a file")
    with pytest.raises(IotgenError, match=r"cannot write .*project/deeper: not a directory"):
        init(tmp_path / "project" / "deeper")
