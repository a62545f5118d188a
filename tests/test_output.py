"""The rendered folder: all or nothing, whatever happens in between."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from iotgen.errors import IotgenError
from iotgen.output import MADE, pipeline_of, refuse_another, staging


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def _files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file() and path.name != MADE
    }


def _render(folder: Path, files: dict[str, str]) -> None:
    with staging(folder) as stage:
        _write(stage.beside, files)
        stage.commit()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out" / "dev"


def test_what_was_made_replaces_what_was_made_before_and_nothing_else(out: Path) -> None:
    _render(
        out, {"main.tf.json": "1", "gone.tf.json": "1", "artifacts/f.zip": "1", "artifacts/gone.zip": "1"}
    )
    terraforms = {
        "terraform.tfstate": "state",
        ".terraform/providers/x": "provider",
        ".terraform.lock.hcl": "lock",
        "notes.txt": "mine",
    }
    _write(out, terraforms)
    _render(out, {"main.tf.json": "2", "new.tf.json": "2", "artifacts/f.zip": "2"})
    assert _files(out) == {
        "main.tf.json": "2", "new.tf.json": "2", "artifacts/f.zip": "2", **terraforms
    }  # fmt: skip


OURS = '{"provider": {"aws": {"default_tags": {"tags": {"pipeline": "p"}}}}}'


def test_files_of_others_stay(out: Path) -> None:
    _render(out, {"main.tf.json": "1", "gone.tf.json": "1"})
    own = {"moved.tf.json": "{}", "mine.tf": "", "artifacts/own.zip": "z"}
    _write(out, own)
    _render(out, {"main.tf.json": "2"})
    _render(out, {"main.tf.json": "3"})
    assert _files(out) == {"main.tf.json": "3", **own}


def test_a_file_of_others_is_not_overwritten(out: Path) -> None:
    _render(out, {"main.tf.json": "1"})
    _write(out, {"alarms.tf.json": "mine"})
    with pytest.raises(IotgenError, match=r"alarms.tf.json was not written by iotgen") as refused:
        _render(out, {"main.tf.json": "2", "alarms.tf.json": "2"})
    assert refused.value.hint == "Rename it, or remove it if it is not needed."
    assert _files(out) == {"main.tf.json": "1", "alarms.tf.json": "mine"}


def test_what_is_the_same_is_taken_over(out: Path) -> None:
    _render(out, {"main.tf.json": "1"})
    _write(out, {"alarms.tf.json": "2"})
    _render(out, {"main.tf.json": "1", "alarms.tf.json": "2"})
    _render(out, {"main.tf.json": "1"})
    assert _files(out) == {"main.tf.json": "1"}


def test_a_folder_of_an_earlier_version(out: Path) -> None:
    theirs = {"main.tf.json": OURS, "encryption.tf.json": "1", "artifacts/layers/l.zip": "1"}
    own = {"moved.tf.json": "{}", "artifacts/notes.txt": "mine"}
    _write(out, {**theirs, **own})
    _render(out, {"main.tf.json": "2"})
    assert _files(out) == {"main.tf.json": "2", **own}


def test_a_folder_that_was_never_rendered_keeps_all(out: Path) -> None:
    own = {"alarms.tf.json": "{}", "artifacts/f.zip": "z"}
    _write(out, own)
    _render(out, {"main.tf.json": "1"})
    assert _files(out) == {"main.tf.json": "1", **own}


def test_a_list_that_leads_out_of_the_folder_is_not_followed(out: Path) -> None:
    _render(out, {"main.tf.json": "1"})
    outside = out.parent / "precious"
    outside.write_text("x", encoding="utf-8")
    (out / MADE).write_text(json.dumps({"files": ["../precious", str(outside)]}), encoding="utf-8")
    _render(out, {"main.tf.json": "1"})
    assert outside.exists()


@pytest.mark.parametrize("name", ["terraform.tfstate", "artifacts", "", ".", "a\0", "\udc80", 7])
def test_a_list_of_what_iotgen_never_makes_is_not_followed(out: Path, name: object) -> None:
    own = {"terraform.tfstate": "{}", "main.tf": "#", "artifacts/own.txt": "x"}
    _render(out, {"main.tf.json": "1"})
    _write(out, own)
    (out / MADE).write_text(json.dumps({"files": ["main.tf.json", name]}), encoding="utf-8")
    _render(out, {"main.tf.json": "1"})
    assert _files(out) == {"main.tf.json": "1", **own}


@pytest.mark.parametrize("kind", ["pipe", "device", "deep"])
def test_a_list_that_cannot_be_read_is_none(out: Path, kind: str) -> None:
    _render(out, {"main.tf.json": "1"})
    listed = out / MADE
    listed.unlink()
    if kind == "pipe":
        os.mkfifo(listed)
    elif kind == "device":
        listed.symlink_to("/dev/zero")
    else:
        listed.write_text("[" * 100_000, encoding="utf-8")
    _render(out, {"main.tf.json": "1"})
    assert json.loads(listed.read_text(encoding="utf-8")) == {"files": ["main.tf.json"]}


def test_nothing_is_left_beside_the_folder(out: Path) -> None:
    _render(out, {"main.tf.json": "1"})
    assert sorted(path.name for path in out.parent.iterdir()) == [".dev.lock", "dev"]


def _fail_with(error: BaseException, out: Path) -> None:
    with staging(out) as stage:
        _write(stage.beside, {"main.tf.json": "2", "artifacts/f.zip": "2"})
        raise error


@pytest.mark.parametrize("error", [IotgenError("no"), KeyboardInterrupt(), RuntimeError()], ids=repr)
def test_a_run_that_fails_leaves_the_last_good_output(out: Path, error: BaseException) -> None:
    _render(out, {"main.tf.json": "1"})
    with pytest.raises(type(error)):
        _fail_with(error, out)
    assert _files(out) == {"main.tf.json": "1"}
    assert not list(out.parent.glob("*.new"))


def test_a_run_without_a_commit_leaves_the_last_good_output(out: Path) -> None:
    _render(out, {"main.tf.json": "1"})
    with staging(out) as stage:
        _write(stage.beside, {"main.tf.json": "2"})
    assert _files(out) == {"main.tf.json": "1"}


def test_a_full_disk(out: Path) -> None:
    _render(out, {"main.tf.json": "1"})
    file = str(out.with_name(".dev.new") / "functions.tf.json")
    with pytest.raises(IotgenError) as raised:
        _fail_with(OSError(errno.ENOSPC, "No space left on device", file), out)
    assert raised.value.message == f"cannot write {file}: no space left on device"
    assert raised.value.hint == "Free some space on that disk, then run it again."
    assert raised.value.exit_code == 3
    assert _files(out) == {"main.tf.json": "1"}


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(IotgenError) as raised:
        _render(tmp_path / "out" / "dev", {"main.tf.json": "1"})
    assert raised.value.message == f"cannot write {tmp_path / 'out'}: file exists"
    assert raised.value.hint == "Choose a folder that you can write to with `--out`."


def test_a_file_where_the_folder_should_be(out: Path) -> None:
    out.parent.mkdir()
    out.write_text("a file")
    with pytest.raises(IotgenError, match=r"cannot write .*dev"):
        _render(out, {"main.tf.json": "1"})
    assert out.read_text() == "a file"


PROGRAM = """
import os, pathlib, sys
from iotgen.output import staging
with staging(pathlib.Path(sys.argv[1])) as stage:
    (stage.beside / "main.tf.json").write_text("2")
    os.kill(os.getpid(), 9)
"""


def test_what_a_killed_run_left_is_cleared_away(out: Path) -> None:
    _render(out, {"main.tf.json": "1"})
    killed = subprocess.run([sys.executable, "-c", PROGRAM, str(out)], check=False)
    assert killed.returncode == -9
    assert _files(out.parent / ".dev.new") == {"main.tf.json": "2"}
    assert _files(out) == {"main.tf.json": "1"}
    _render(out, {"other.tf.json": "3"})
    assert _files(out) == {"other.tf.json": "3"}
    assert not (out.parent / ".dev.new").exists()


def _deployed(folder: Path, pipeline: str, state: str = "terraform.tfstate") -> None:
    main = {"provider": {"aws": {"default_tags": {"tags": {"pipeline": pipeline}}}}}
    _write(folder, {"main.tf.json": json.dumps(main), state: "{}"})


@pytest.mark.parametrize("state", ["terraform.tfstate", ".terraform/terraform.tfstate"])
def test_another_pipelines_folder_is_not_taken(tmp_path: Path, state: str) -> None:
    _deployed(tmp_path, "first", state)
    refuse_another(tmp_path, "first")
    with pytest.raises(IotgenError) as raised:
        refuse_another(tmp_path, "second")
    assert raised.value.message == (
        f"the pipeline `first` is deployed from {tmp_path}, and `second` would replace it"
    )
    assert raised.value.hint == "Choose another folder for `second` with `--out`, or another `--suffix`."


@pytest.mark.parametrize("text", ["", "{}", '{"provider": {"aws": {}}}', "[]", '{"provider": 5}'])
def test_a_folder_that_says_of_no_pipeline(tmp_path: Path, text: str) -> None:
    _write(tmp_path, {"main.tf.json": text, "terraform.tfstate": "{}"})
    assert pipeline_of(tmp_path) is None
    refuse_another(tmp_path, "second")


def test_a_folder_from_which_nothing_is_deployed_may_be_taken(tmp_path: Path) -> None:
    _deployed(tmp_path, "first")
    (tmp_path / "terraform.tfstate").unlink()
    assert pipeline_of(tmp_path) == "first"
    refuse_another(tmp_path, "second")


def test_a_folder_whose_pipeline_was_destroyed_may_be_taken(tmp_path: Path) -> None:
    _deployed(tmp_path, "first")
    _write(tmp_path, {"terraform.tfstate": '{"resources": []}'})
    refuse_another(tmp_path, "second")
    for backend in ("null", '{"type": "local"}'):
        _write(tmp_path, {".terraform/terraform.tfstate": f'{{"backend": {backend}}}'})
        refuse_another(tmp_path, "second")
    _write(tmp_path, {"terraform.tfstate": '{"resources": [{"type": "aws_sqs_queue"}]}'})
    with pytest.raises(IotgenError):
        refuse_another(tmp_path, "second")


def test_a_state_that_is_kept_elsewhere_may_hold_anything(tmp_path: Path) -> None:
    _deployed(tmp_path, "first")
    _write(tmp_path, {"terraform.tfstate": '{"resources": []}'})
    _write(tmp_path, {".terraform/terraform.tfstate": '{"backend": {"type": "s3"}}'})
    with pytest.raises(IotgenError):
        refuse_another(tmp_path, "second")


def test_only_one_run_at_a_time_makes_a_folder(out: Path) -> None:
    with staging(out):
        lock = out.parent / ".dev.lock"
        program = "import fcntl, sys; fcntl.flock(open(sys.argv[1], 'w'), fcntl.LOCK_EX | fcntl.LOCK_NB)"
        other = subprocess.run(
            [sys.executable, "-c", program, str(lock)], check=False, capture_output=True, text=True
        )
        assert "BlockingIOError" in other.stderr
    assert os.path.lexists(lock)
