import errno
import os
import random
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotgen.errors import IotgenError
from iotgen.package.functions import entries, zip_function

names = st.text(st.sampled_from("abcXYZ019_-ü# "), min_size=1, max_size=8).filter(
    lambda name: not (name.startswith("#") and name.endswith("#"))
)
trees = st.dictionaries(st.tuples(names, names), st.binary(max_size=64), min_size=1, max_size=8)


def plant(root: Path, tree: dict[tuple[str, str], bytes], order: list[tuple[str, str]]) -> None:
    for folder, name in order:
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / name).write_bytes(tree[folder, name])


def names_in(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def fill(root: Path, *files: str) -> Path:
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(file)
    return root


@pytest.mark.system
@given(trees, st.randoms(use_true_random=False))
def test_the_bytes_follow_from_names_and_contents_alone(
    tree: dict[tuple[str, str], bytes], chance: random.Random
) -> None:
    made = []
    with tempfile.TemporaryDirectory() as scratch:
        for copy in ("one", "two"):
            root = Path(scratch) / copy / "handler"
            order = list(tree)
            chance.shuffle(order)
            plant(root, tree, order)
            for folder, name in order:
                os.utime(root / folder / name, (chance.randrange(2**31), chance.randrange(2**31)))
                (root / folder / name).chmod(chance.choice([0o600, 0o644, 0o755]))
            made.append(zip_function(root, [], Path(scratch) / f"{copy}.zip"))
        assert made[0].path.read_bytes() == made[1].path.read_bytes()
        with zipfile.ZipFile(made[0].path) as archive:
            assert {tuple(name.split("/")): archive.read(name) for name in archive.namelist()} == tree
    assert made[0].sha256 == made[1].sha256
    assert made[0].unzipped == sum(map(len, tree.values()))


def test_the_source_is_the_root_and_an_included_folder_keeps_its_name(tmp_path: Path) -> None:
    source = fill(tmp_path / "handlers/ingest", "app.py", "deep/er/x.json")
    shared = fill(tmp_path / "handlers/readings", "__init__.py")
    artifact = zip_function(source, [shared], tmp_path / "out/ingest.zip")
    assert names_in(artifact.path) == ["app.py", "deep/er/x.json", "readings/__init__.py"]
    assert (artifact.name, artifact.size) == ("ingest.zip", artifact.path.stat().st_size)


def test_names_are_sorted_by_their_bytes(tmp_path: Path) -> None:
    fill(tmp_path / "s", "é.py", "z.py", "Z.py", "a-b/x", "a/x", "ab")
    artifact = zip_function(tmp_path / "s", [], tmp_path / "a.zip")
    assert names_in(artifact.path) == ["Z.py", "a-b/x", "a/x", "ab", "z.py", "é.py"]


def test_leftovers_stay_out(tmp_path: Path) -> None:
    fill(
        tmp_path / "s", "app.py", "app.pyc", "app.py~", ".env", ".git/config", "__pycache__/app.pyc",
        "#app.py#", "notes.swp", "sub/__pycache__/x", "sub/x.pyo",
    )  # fmt: skip
    (tmp_path / "s/.#app.py").symlink_to("user@host.1234")
    assert names_in(zip_function(tmp_path / "s", [], tmp_path / "a.zip").path) == ["app.py"]


def test_a_file_that_occurs_twice_names_both(tmp_path: Path) -> None:
    source = fill(tmp_path / "s", "readings/__init__.py", "app.py")
    shared = fill(tmp_path / "readings", "__init__.py")
    with pytest.raises(IotgenError) as caught:
        zip_function(source, [shared], tmp_path / "a.zip")
    assert caught.value.message == (
        f"{source}/readings/__init__.py and {shared}/__init__.py"
        " would both be readings/__init__.py in the zip"
    )
    assert not (tmp_path / "a.zip").exists()


def test_a_file_where_another_has_a_folder(tmp_path: Path) -> None:
    source = fill(tmp_path / "s", "readings", "app.py")
    shared = fill(tmp_path / "readings", "__init__.py")
    with pytest.raises(IotgenError, match="readings would be both a file and a folder in the zip"):
        zip_function(source, [shared], tmp_path / "a.zip")


def test_links_inside_the_project_are_followed(tmp_path: Path) -> None:
    fill(tmp_path, "shared/x.py", "s/app.py")
    (tmp_path / "s/linked").symlink_to("../shared")
    (tmp_path / "s/alias.py").symlink_to("app.py")
    artifact = zip_function(tmp_path / "s", [], tmp_path / "a.zip", project=tmp_path)
    with zipfile.ZipFile(artifact.path) as archive:
        assert archive.namelist() == ["alias.py", "app.py", "linked/x.py"]
        assert archive.read("alias.py") == b"s/app.py"


def test_a_link_that_leads_out_of_the_project(tmp_path: Path) -> None:
    project = fill(tmp_path / "project", "s/app.py")
    fill(tmp_path, "secret")
    (project / "s/leak").symlink_to(tmp_path / "secret")
    with pytest.raises(IotgenError) as caught:
        zip_function(project / "s", [], tmp_path / "a.zip", project=project)
    assert caught.value.message == f"{project}/s/leak leads out of the project, to {tmp_path}/secret"


@pytest.mark.parametrize(
    ("link", "target", "message"),
    [
        ("s/up", "..", "s/up is a link to a folder that contains it"),
        ("s/self", "self", "s/self is a circular link"),
        ("s/gone", "nothing", "s/gone is a broken link"),
    ],
)
def test_links_that_lead_nowhere(tmp_path: Path, link: str, target: str, message: str) -> None:
    fill(tmp_path, "s/app.py")
    (tmp_path / link).symlink_to(target)
    with pytest.raises(IotgenError) as caught:
        zip_function(tmp_path / "s", [], tmp_path / "a.zip", project=tmp_path)
    assert message in caught.value.message


def test_what_is_no_file(tmp_path: Path) -> None:
    fill(tmp_path / "s", "app.py")
    os.mkfifo(tmp_path / "s/pipe")
    with pytest.raises(IotgenError, match="s/pipe is neither a file nor a folder"):
        zip_function(tmp_path / "s", [], tmp_path / "a.zip")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("gone", "there is no folder {}"),
        ("file", "{} is a file, not a folder"),
        ("empty", "{} has no files to zip"),
    ],
)
def test_a_source_that_is_none(tmp_path: Path, source: str, message: str) -> None:
    fill(tmp_path, "file", "empty/.gitkeep")
    with pytest.raises(IotgenError) as caught:
        zip_function(tmp_path / source, [], tmp_path / "a.zip")
    assert caught.value.message == message.format(tmp_path / source)


def test_an_unreadable_file() -> None:
    def read(path: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    with pytest.raises(IotgenError, match=r"cannot read s/app\.py: permission denied"):
        list(entries({"app.py": Path("s/app.py")}, read))


def test_a_relative_folder_is_included_under_its_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, "s/app.py", "readings/__init__.py")
    monkeypatch.chdir(tmp_path / "readings")
    artifact = zip_function(Path("../s"), [Path()], Path("../a.zip"))
    assert names_in(artifact.path) == ["app.py", "readings/__init__.py"]


def test_packages_of_node_are_zipped_as_they_are_without_what_npm_keeps_for_itself(tmp_path: Path) -> None:
    source = fill(
        tmp_path / "f", "index.js", ".env", "node_modules/a/index.js", "node_modules/a/.data/b.js",
        "node_modules/.prisma/client/index.js", "node_modules/.bin/a", "node_modules/.package-lock.json",
    )  # fmt: skip
    zip_function(source, [], tmp_path / "f.zip")
    assert names_in(tmp_path / "f.zip") == [
        "index.js", "node_modules/.prisma/client/index.js", "node_modules/a/.data/b.js",
        "node_modules/a/index.js",
    ]  # fmt: skip
