"""A local AWS for these tests: the real MiniStack, in a folder of its own, stopped whatever happens."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from iotgen.local import server
from iotgen.local.record import LocalAws


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A project's folder; what runs in it is stopped after the test."""
    folder = tmp_path / "out" / ".local"
    yield folder
    server.down(folder, patience=2)


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A local AWS that runs for all tests of a module."""
    folder = tmp_path_factory.mktemp("project") / ".local"
    yield server.up(folder)
    server.down(folder)
