"""`iotgen add function`: all of it or nothing, a spec as sound as before, and a test that passes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from iotgen import init
from iotgen.add import Addition, write
from iotgen.cli import main
from iotgen.errors import IotgenError
from iotgen.triggers import TRIGGERS

pytestmark = pytest.mark.system

REPO = Path(__file__).parent.parent.parent
SPEC = "specs/pipeline.yaml"
BUCKETS = "specs/s3-events.yaml"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    init.init(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ENVIRONMENT_SUFFIX", raising=False)
    return tmp_path


def _with_queue(project: Path) -> None:
    """Give the spec a queue that no function has yet."""
    spec = project / SPEC
    text = spec.read_text(encoding="utf-8")
    spec.write_text(text.replace("\nqueues:\n", "\nqueues:\n  jobs: {}  # free\n"), encoding="utf-8")


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["iotgen", *arguments])
        capfd.readouterr()
        with pytest.raises(SystemExit) as exited:
            main()
        out, err = capfd.readouterr()
        assert isinstance(exited.value.code, int)
        return exited.value.code, out, err

    return command


def files(root: Path) -> dict[str, bytes]:
    found = (path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def difference(before: bytes, after: bytes) -> list[str]:
    """The lines that came in, where nothing else changed."""
    old, new = before.decode().splitlines(), after.decode().splitlines()
    added = []
    for line in new:
        if old and old[0] == line:
            old.pop(0)
        else:
            added.append(line)
    assert old == []
    return added


@pytest.mark.parametrize(
    ("spec", "arguments", "added", "lines"),
    [
        (
            SPEC,
            (),
            {"handlers/new_one/handler.py", "tests/test_new_one.py"},
            [
                "  new-one:",
                "    source: handlers/new_one",
                "",
                "  /new-one: {method: GET, function: new-one, parameters: {}}",
            ],
        ),
        (
            SPEC,
            ("--endpoint", "POST:/things/{id}"),
            {"handlers/new_one/body.json", "handlers/new_one/handler.py", "tests/test_new_one.py"},
            [
                "  new-one:",
                "    source: handlers/new_one",
                "",
                '  "/things/{id}": {method: POST, function: new-one, body: handlers/new_one/body.json}',
            ],
        ),
        (
            SPEC,
            ("--endpoint", "delete:/things"),
            {"handlers/new_one/handler.py", "tests/test_new_one.py"},
            [
                "  new-one:",
                "    source: handlers/new_one",
                "",
                "  /things: {method: DELETE, function: new-one}",
            ],
        ),
        (
            SPEC,
            ("--trigger", "queue:jobs"),
            {"handlers/new_one/handler.py", "tests/test_new_one.py"},
            ["  new-one:", "    source: handlers/new_one", "    triggers: [{queue: jobs}]", ""],
        ),
        (
            BUCKETS,
            ("--trigger", "bucket:sensor-readings/in/"),
            {"handlers/new_one/handler.py", "tests/test_new_one.py"},
            [
                "  new-one:",
                "    source: handlers/new_one",
                "    triggers: [{bucket: sensor-readings, prefix: in/}]",
                "    access: {buckets: {sensor-readings: {read: in/}}}",
            ],
        ),
    ],
)
def test_a_function_is_added_and_its_test_passes(
    run: Run, project: Path, spec: str, arguments: tuple[str, ...], added: set[str], lines: list[str]
) -> None:
    if "queue:jobs" in arguments:
        _with_queue(project)
    before = files(project)
    code, out, _ = run("add", "function", "new-one", "--spec", spec, *arguments)
    after = files(project)
    assert code == 0
    assert after.keys() - before.keys() == added
    assert {name for name in before if before[name] != after[name]} == {spec}
    assert difference(before[spec], after[spec]) == lines
    *names, place = out.splitlines()
    assert set(names) == added
    text = after[spec].decode().splitlines()
    assert text[int(place.removeprefix(f"{spec}:")) - 1] == "  new-one:"
    assert run("check", "--strict", spec)[0] == 0
    _passes(project)


def _passes(project: Path) -> None:
    """Its test passes, and its files are as formed and typed as iotgen's own."""
    tools = Path(sys.executable).parent
    made = ["tests/test_new_one.py", "handlers/new_one/handler.py"]
    here = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTEST"))}
    for command in (
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", made[0]],
        [str(tools / "ruff"), "format", "--check", "--isolated", "--line-length=110", *made],
        [
            str(tools / "ruff"),
            "check",
            "--isolated",
            "--line-length=110",
            "--select=E,F,W,I,B,C4,D,N,PT,PTH,RET,SIM,UP",
            "--ignore=D103,D203,D213",
            *made,
        ],
    ):
        done = subprocess.run(command, cwd=project, env=here, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_each_kind_of_trigger_has_a_handler_to_start_from() -> None:
    starters = {path.stem for path in (REPO / "iotgen/add/starters").iterdir()}
    assert starters >= {f"{kind.word}{end}" for kind in TRIGGERS for end in ("", "_test")}


TAKES = (
    "`--trigger` takes queue:KEY, dead_letters:KEY, bucket:KEY, stream:KEY, table:KEY, topic:KEY, "
    "schedule:KEY, event:KEY, log_group:KEY, iot:KEY or user_pool:KEY"
)


@pytest.mark.parametrize(
    ("arguments", "code", "error"),
    [
        (("Bad",), 2, "`Bad` cannot be the key of a function"),
        (("data-query",), 2, "the spec has a function `data-query` already"),
        (("../evil",), 2, "`../evil` cannot be the key of a function"),
        (("n", "--trigger", "queue:job"), 2, "the spec has no queue `job`"),
        (
            ("n", "--trigger", "queue:iot-injestion"),
            2,
            "the spec has no queue `iot-injestion`; did you mean `iot-ingestion`?",
        ),
        (("n", "--trigger", "webhook:x"), 2, TAKES),
        (("n", "--trigger", "queue:"), 2, TAKES),
        (("n", "--endpoint", "things"), 2, "`--endpoint` takes a method and a path"),
        (
            ("n", "--endpoint", "GET:/a", "--trigger", "queue:iot-ingestion"),
            2,
            "a new function is invoked either by an endpoint or by a trigger",
        ),
        # What only a check finds.
        (("n", "--endpoint", "GET:/a b"), 1, "nothing was added: the spec would have the problems above"),
        (("n", "--endpoint", "GET:/query"), 1, "nothing was added: the spec would have the problems above"),
        (
            ("n", "--trigger", "queue:iot-ingestion"),
            1,
            "nothing was added: the spec would have the problems above",
        ),
        (("n" * 61,), 1, "nothing was added: the spec would have the problems above"),
    ],
)
def test_what_cannot_be_added_changes_nothing(
    run: Run, project: Path, arguments: tuple[str, ...], code: int, error: str
) -> None:
    before = files(project)
    folders = sorted(path for path in project.rglob("*") if path.is_dir())
    ended, out, err = run("add", "function", *arguments)
    assert (ended, out) == (code, "")
    assert f"{error}\n" in err
    assert files(project) == before
    assert sorted(path for path in project.rglob("*") if path.is_dir()) == folders


def test_a_file_that_is_there_stays(run: Run, project: Path) -> None:
    mine = project / "tests/test_greeter.py"
    mine.parent.mkdir()
    mine.write_text("mine\n", encoding="utf-8")
    before = files(project)
    code, _, err = run("add", "function", "greeter")
    assert (code, err) == (
        1,
        "error: tests/test_greeter.py already exists\n"
        "    Choose another name for the function, or move it away.\n",
    )
    assert files(project) == before


def test_after_a_kill_the_next_run_completes_it(run: Run, project: Path) -> None:
    assert run("add", "function", "greeter")[0] == 0
    whole = files(project)
    run("add", "function", "other")
    # As it is before the spec is written, which comes last.
    (project / SPEC).write_bytes(
        whole[SPEC].split(b"  greeter:")[0] + whole[SPEC].split(b"handlers/greeter\n")[1]
    )
    text = (project / SPEC).read_text(encoding="utf-8")
    (project / SPEC).write_text(
        text.replace("  /greeter: {method: GET, function: greeter, parameters: {}}\n", ""), encoding="utf-8"
    )
    assert run("add", "function", "greeter")[0] == 0
    assert files(project)["handlers/greeter/handler.py"] == whole["handlers/greeter/handler.py"]


def test_an_interruption_takes_all_of_it_back(project: Path) -> None:
    before = files(project)

    def interrupted() -> bool:
        raise KeyboardInterrupt

    new = Addition({"handlers/n/handler.py": "x\n", "tests/test_n.py": "y\n"}, "changed", 1)
    with pytest.raises(KeyboardInterrupt):
        write(project, project / SPEC, new, interrupted)
    assert files(project) == before
    assert not (project / "tests").exists()


def test_a_folder_that_cannot_be_written_is_named(project: Path) -> None:
    (project / "tests").write_text("a file", encoding="utf-8")
    before = files(project)
    new = Addition({"handlers/n/handler.py": "x\n", "tests/test_n.py": "y\n"}, "changed", 1)
    with pytest.raises(IotgenError, match=r"cannot write .*tests"):
        write(project, project / SPEC, new, lambda: True)
    assert files(project) == before


def test_a_specs_link_mode_and_byte_order_mark_stay(run: Run, project: Path) -> None:
    real = project / "specs/real.yaml"
    (project / SPEC).rename(real)
    real.write_bytes(b"\xef\xbb\xbf" + real.read_bytes())
    real.chmod(0o640)
    (project / SPEC).symlink_to("real.yaml")
    code, out, _ = run("add", "function", "greeter", "--format", "json")
    assert code == 0
    about = json.loads(out)
    assert about == {
        "files": ["handlers/greeter/handler.py", "tests/test_greeter.py"],
        "line": about["line"],
        "spec": SPEC,
    }
    assert (project / SPEC).is_symlink()
    assert real.read_bytes().startswith(b"\xef\xbb\xbf#")
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_spec_with_errors_is_left_alone(run: Run, project: Path) -> None:
    (project / SPEC).write_text("version: 1\npipeline: p\nfunctons: {}\n", encoding="utf-8")
    before = files(project)
    code, out, err = run("add", "function", "greeter")
    assert (code, out) == (1, "")
    assert "IOT101 `functons` is not a setting" in err
    assert files(project) == before
