"""Saves are noticed, whatever way an editor or git makes them, and the output is not."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from iotgen.dev.watch import Watch, places

# The system's own watchers, which take a second to begin.
pytestmark = pytest.mark.system
PATIENCE = 10.0


@pytest.fixture
def watch(root: Path) -> Iterator[Watch]:
    watch = Watch(Event())
    on(watch, root)
    yield watch
    watch.end()


def on(watch: Watch, root: Path) -> None:
    """Watch the project, and wait until both watchers have begun."""
    named = ["handlers/reader", "handlers/writer"]
    watch.on(places(root, root / "spec.yaml", named, root / "out"))
    for _ in range(2):
        watch.changed.wait(1)
        watch.changed.clear()


def write(root: Path) -> None:
    (root / "handlers/reader/handler.py").write_text("x = 1\n")


def replace_atomically(root: Path) -> None:
    new = root / "handlers/reader/.handler.py.new"
    new.write_text("x = 1\n")
    new.replace(root / "handlers/reader/handler.py")


def replace_the_spec(root: Path) -> None:
    new = root / "spec.yaml.new"
    new.write_text("version: 1\n")
    new.replace(root / "spec.yaml")


def remove(root: Path) -> None:
    (root / "handlers/reader/handler.py").unlink()


def check_out_many(root: Path) -> None:
    for number in range(100):
        (root / f"handlers/writer/module_{number}.py").write_text("x = 1\n")


@pytest.mark.parametrize("save", [write, replace_atomically, replace_the_spec, remove, check_out_many])
def test_a_save_is_noticed(root: Path, watch: Watch, save: Callable[[Path], None]) -> None:
    save(root)
    assert watch.changed.wait(PATIENCE)


def test_a_folder_that_goes_and_comes_back_is_watched_again(root: Path, watch: Watch) -> None:
    shutil.move(root / "handlers", root / "elsewhere")
    assert watch.changed.wait(PATIENCE)
    shutil.move(root / "elsewhere", root / "handlers")
    on(watch, root)
    write(root)
    assert watch.changed.wait(PATIENCE)


def test_output_and_bytecode_are_no_saves(root: Path, watch: Watch) -> None:
    for name in ("out/dev/main.tf.json", "handlers/reader/__pycache__/handler.pyc", "notes.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")
    assert not watch.changed.wait(0.5)
