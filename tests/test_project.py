"""What is read of a project, and where its folder is found."""

from pathlib import Path

import pytest

from iotgen import project
from iotgen.problem import Problem

DATA = {"functions": {"f": {"source": "handlers/f", "include": ["handlers/lib"]}}}


def _make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")


def test_a_spec(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_bytes(b"\xef\xbb\xbfa: \xc3\xa9\r\n")
    assert project.read_spec(tmp_path / "s.yaml") == "a: é\r\n"


def test_a_spec_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    hint = "Run `iotgen init DIR` for a project to start from."
    assert project.read_spec(path) == Problem(str(path), 1, 1, "IOT001", "there is no such file", hint=hint)


def test_a_spec_that_is_a_folder(tmp_path: Path) -> None:
    assert project.read_spec(tmp_path) == Problem(
        str(tmp_path), 1, 1, "IOT001", "this is a folder, not a spec"
    )


def test_a_spec_below_a_file(tmp_path: Path) -> None:
    _make(tmp_path, "s.yaml")
    found = project.read_spec(tmp_path / "s.yaml" / "t.yaml")
    assert isinstance(found, Problem)
    assert found.message == "this file cannot be read: not a directory"


def test_a_spec_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_bytes("a: é".encode("latin-1"))
    found = project.read_spec(tmp_path / "s.yaml")
    assert isinstance(found, Problem)
    assert found.message == "this is not UTF-8 text: no character begins with the byte 0xe9"


@pytest.mark.parametrize("spec", ["pipeline.yaml", "specs/pipeline.yaml", "specs/of/many/pipeline.yaml"])
def test_the_root_is_the_nearest_folder_that_has_what_the_spec_names(tmp_path: Path, spec: str) -> None:
    _make(tmp_path, spec, "handlers/f/handler.py")
    assert project.find_root(tmp_path / spec, DATA) == tmp_path


def test_the_nearest_of_two(tmp_path: Path) -> None:
    _make(tmp_path, "handlers/f/handler.py", "inner/handlers/f/handler.py", "inner/specs/s.yaml")
    assert project.find_root(tmp_path / "inner/specs/s.yaml", DATA) == tmp_path / "inner"


@pytest.mark.parametrize(
    "data",
    [
        5,
        [],
        {},
        {"functions": 5},
        {"functions": {"f": 5}},
        {"functions": {"f": {"source": 5, "include": 5}}},
        {"functions": {"f": {"include": "handlers/f"}}},
        {"functions": {"f": {"include": [5]}}},
        {"functions": {"f": {"source": ""}}},
        {"functions": {"f": {"source": "x" * 10_000}}},
        {"functions": {"f": {"source": "a\0b"}}},
        {"functions": {"f": {"source": "../x"}}},
        {"layers": {"l": {"requirements": 5}}},
    ],
    ids=lambda data: str(data)[:50],
)
def test_without_anything_to_go_by_the_root_is_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: object
) -> None:
    _make(tmp_path, "specs/s.yaml", "elsewhere/x")
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert project.find_root(tmp_path / "specs/s.yaml", data) == tmp_path / "elsewhere"


def test_sources(tmp_path: Path) -> None:
    _make(
        tmp_path, "handlers/f/handler.py", "handlers/f/sub/b.py", "handlers/f/sub/a.py",
        "handlers/f/__pycache__/handler.pyc", "handlers/lib/x.py", "r.txt", "body.json",
    )  # fmt: skip
    data = {
        "defaults": {"function": {"include": ["handlers/lib"]}},
        "functions": {"f": {"source": "handlers/f"}, "g": {"source": "handlers/g"}, "h": {"source": "r.txt"}},
        "layers": {"l": {"requirements": "r.txt"}, "m": {"requirements": "handlers"}},
        "endpoints": {"/a": {"body": "body.json"}, "/b": {"body": "none.json"}, "/c": {"body": "r.txt/x"}},
    }
    sources = project.read_sources(tmp_path, data)
    assert sources.folders == {
        "handlers/f": ("handler.py", "sub/a.py", "sub/b.py"),
        "handlers/g": None,
        "r.txt": None,
        "handlers/lib": ("x.py",),
    }
    assert sources.texts == {
        "r.txt": "r.txt", "handlers": None, "body.json": "body.json", "none.json": None, "r.txt/x": None
    }  # fmt: skip


def test_a_named_file_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / "body.json").write_bytes(b"\xff")
    sources = project.read_sources(tmp_path, {"endpoints": {"/a": {"body": "body.json"}}})
    said = "this is not UTF-8 text: no character begins with the byte 0xff"
    problem = Problem("body.json", 1, 1, "IOT008", said, hint="Save the file as UTF-8.")
    assert (sources.texts, sources.unreadable) == ({"body.json": None}, (problem,))


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    long = "x" * 10_000
    assert project.read_sources(tmp_path, {"functions": {"f": {"source": long}}}).folders == {long: None}
    for name in ("a\0b", long):
        (problem,) = project.read_sources(tmp_path, {"endpoints": {"/a": {"body": name}}}).unreadable
        assert problem.message.startswith("this file cannot be read: ")


def test_where_layers_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("IOTGEN_CACHE_DIR", raising=False)
    assert project.cache_folder() == tmp_path / ".cache" / "iotgen"
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert project.cache_folder() == Path("/x/iotgen")
    monkeypatch.setenv("IOTGEN_CACHE_DIR", "/y")
    assert project.cache_folder() == Path("/y")
