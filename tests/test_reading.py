"""What a project names may be anything: only files of a bounded size are read, and faults have a place."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from iotgen.build import check
from iotgen.reading import not_utf8, read_bytes

SPEC = """\
version: 1
pipeline: small
layers: {l: {requirements: r.txt}}
functions:
  f: {source: handlers/f, layers: [l]}
endpoints:
  /a: {method: POST, function: f, body: body.json}
queues: {q: {max_receives: many}}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "handlers/f").mkdir(parents=True)
    (tmp_path / "spec.yaml").write_text(SPEC)
    (tmp_path / "r.txt").write_text("six==1.17.0 --hash=sha256:" + "0" * 64 + "\n")
    (tmp_path / "body.json").write_text('{"type": "object"}')
    (tmp_path / "handlers/f/handler.py").write_text("def handler(event, context): ...\n")
    return tmp_path


def _errors() -> list[str]:
    found = check(Path("spec.yaml"), "dev").problems
    return [
        f"{one.file}:{one.line}:{one.column}: {one.code} {one.message}"
        for one in found
        if one.severity == "error"
    ]


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert read_bytes(tmp_path / "a", 5) == b"12345"
    with pytest.raises(OSError, match="it has more than 4 bytes"):
        read_bytes(tmp_path / "a", 4)


@pytest.mark.parametrize(
    ("make", "why"), [(os.mkfifo, "it is a pipe, not a file"), (os.mkdir, "it is a folder, not a file")]
)
def test_what_is_no_file(tmp_path: Path, make: object, why: str) -> None:
    assert callable(make)
    make(tmp_path / "a")
    with pytest.raises(OSError, match=why):
        read_bytes(tmp_path / "a")


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/tty", "/dev/stdin"])
def test_a_device_is_no_file(device: str) -> None:
    with pytest.raises(OSError, match=r"not a file|No such device"):
        read_bytes(Path(device))


def test_a_socket_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("a")
        with pytest.raises(OSError, match="it is a socket, not a file"):
            read_bytes(Path("a"))


def test_the_place_of_a_byte_that_is_no_text() -> None:
    with pytest.raises(UnicodeDecodeError) as raised:
        "é\nabc".encode().__add__(b"\xe9x").decode()
    assert not_utf8(raised.value) == (2, 4, "this is not UTF-8 text: no character begins with the byte 0xe9")


MANY = 'spec.yaml:8:28: IOT102 `max_receives` takes a whole number, not "many"'
BYTE = "IOT008 this is not UTF-8 text: no character begins with the byte 0xe9"
PIPE = "IOT008 this file cannot be read: it is a pipe, not a file"


@pytest.mark.parametrize("file", ["r.txt", "body.json", "handlers/f/handler.py", "handlers/f/other.py"])
def test_a_file_that_is_not_utf8_has_a_place_and_hides_nothing(project: Path, file: str) -> None:
    (project / file).write_bytes(b"# one\n# caf\xe9\n")
    assert _errors() == [f"{file}:2:6: {BYTE}", MANY]


@pytest.mark.parametrize("file", ["r.txt", "body.json", "handlers/f/handler.py"])
def test_a_pipe_for_a_file_does_not_hang(project: Path, file: str) -> None:
    (project / file).unlink()
    os.mkfifo(project / file)
    assert _errors() == [f"{file}:1:1: {PIPE}", MANY]


@pytest.mark.parametrize("file", ["r.txt", "body.json"])
def test_a_file_without_an_end_does_not_eat_the_memory(project: Path, file: str) -> None:
    with (project / file).open("wb") as out:
        out.truncate(2**40)
    assert _errors() == [
        f"{file}:1:1: IOT008 this file cannot be read: it has more than 10,000,000 bytes",
        MANY,
    ]


def test_a_handler_in_an_encoding_that_it_names(project: Path) -> None:
    (project / "handlers/f/handler.py").write_bytes(
        b"# coding: latin-1\n# caf\xe9\ndef handler(event, context): ...\n"
    )
    assert _errors() == [MANY]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b"version: 1\npipeline: caf\xe9\n",
            "spec.yaml:2:14: IOT001 this is not UTF-8 text: no character begins with the byte 0xe9",
        ),
        (None, "spec.yaml:1:1: IOT001 this file cannot be read: it is a pipe, not a file"),
    ],
)
def test_a_spec_that_is_no_text(project: Path, content: bytes | None, said: str) -> None:
    (project / "spec.yaml").unlink()
    if content is None:
        os.mkfifo(project / "spec.yaml")
    else:
        (project / "spec.yaml").write_bytes(content)
    assert _errors() == [said]


def test_a_spec_that_is_a_link_to_itself(project: Path) -> None:
    (project / "spec.yaml").unlink()
    (project / "spec.yaml").symlink_to("spec.yaml")
    assert _errors() == ["spec.yaml:1:1: IOT001 this file cannot be read: too many levels of symbolic links"]


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ("[" * 3_000, "it is nested more than 64 levels deep: line 1 column 65 (char 64)"),
        ('{"properties":' * 3_000, "it is nested more than 64 levels deep: line 1 column 897 (char 896)"),
        ('{"maximum": 1e400}', "`1e400` is not a number in JSON: line 1 column 13 (char 12)"),
        ('{"maximum": NaN}', "`NaN` is not a number in JSON: line 1 column 13 (char 12)"),
        ('{"maximum": -Infinity}', "`-Infinity` is not a number in JSON: line 1 column 13 (char 12)"),
        (
            '{"maximum": %s}' % ("9" * 5_000),
            "`99999999999999999999...` is not a number in JSON: line 1 column 13 (char 12)",
        ),
    ],
    ids=["lists", "objects", "too large", "NaN", "infinite", "long"],
)
def test_a_request_schema_that_python_alone_would_read(project: Path, schema: str, said: str) -> None:
    (project / "body.json").write_text(schema)
    assert _errors() == [f"spec.yaml:7:41: IOT204 `body.json` is not JSON: {said}", MANY]


def test_a_schema_as_deep_as_may_be(project: Path) -> None:
    (project / "body.json").write_text('{"type": "object", "properties": {"a": ' * 31 + "{}" + "}}" * 31)
    assert MANY in _errors()


def test_no_home(project: Path) -> None:
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in ("HOME", "XDG_CACHE_HOME", "IOTGEN_CACHE_DIR")
    }
    done = subprocess.run(
        [sys.executable, "-m", "iotgen", "render", "spec.yaml"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
