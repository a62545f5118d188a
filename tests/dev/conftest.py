"""A project of two functions, and the version that its files are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from iotgen import project as files
from iotgen.build import Checked, check, zips
from iotgen.dev.version import Version, version

SPEC = """\
version: 1
pipeline: p
tables: {rows: {partition_key: {id: string}}}
functions:
  reader: {source: handlers/reader, runtime: python3.11}
  writer: {source: handlers/writer, runtime: python3.11, access: {tables: {rows: put}}}
"""
HANDLER = 'def handler(event, context):\n    return "one"\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("reader", "writer"):
        (tmp_path / "handlers" / name).mkdir(parents=True)
        (tmp_path / "handlers" / name / "handler.py").write_text(HANDLER)
    (tmp_path / "spec.yaml").write_text(SPEC)
    return tmp_path


@pytest.fixture
def checked(root: Path) -> Callable[[], Checked]:
    return lambda: check(root / "spec.yaml", "dev", named="spec.yaml")


@pytest.fixture
def saved(root: Path, checked: Callable[[], Checked]) -> Callable[[], Version]:
    def read() -> Version:
        found = checked()
        assert found.pipeline
        built = zips(found.pipeline, root, root / "zips")
        digests = {path: one.sha256 for path, one in built.items()}
        templates = files.built_in_templates().get
        return version(found.pipeline, found.sources, templates, overrides={}, own={}, digests=digests)

    return read
