import json
import os
from pathlib import Path
from typing import BinaryIO

import pytest

from iotgen.package.archive import Written, stored, write_zip
from iotgen.package.cache import cache_key, find, store


def write(out: BinaryIO) -> Written:
    return write_zip(out, [stored("a", b"content")])


def test_what_was_stored_is_found(tmp_path: Path) -> None:
    assert find(tmp_path, "k") is None
    cached = store(tmp_path, "k", write)
    assert find(tmp_path, "k") == cached
    assert sorted(path.name for path in tmp_path.iterdir()) == ["k.json", "k.zip"]


def test_the_key_follows_from_all_that_matters() -> None:
    keys = {
        cache_key(text, runtime, architecture)
        for text in (b"a", b"b")
        for runtime in ("python3.11", "python3.12")
        for architecture in ("x86_64", "arm64")
    }
    assert len(keys) == 8


@pytest.mark.parametrize("content", [b"", b"PK\3\4 half", b"x" * 107])
def test_a_damaged_zip_is_not_found(tmp_path: Path, content: bytes) -> None:
    store(tmp_path, "k", write)
    size = (tmp_path / "k.zip").stat().st_size
    (tmp_path / "k.zip").write_bytes(content.ljust(size, b"x") if content else content)
    os.utime(tmp_path / "k.zip", (1, 1))
    assert find(tmp_path, "k") is None


@pytest.mark.parametrize("record", ["", "{", "[]", "{}", '{"sha256": "x", "size": null}'])
def test_a_damaged_record_is_not_found(tmp_path: Path, record: str) -> None:
    store(tmp_path, "k", write)
    (tmp_path / "k.json").write_text(record)
    assert find(tmp_path, "k") is None


def test_a_zip_without_a_record_does_not_count(tmp_path: Path) -> None:
    store(tmp_path, "k", write)
    (tmp_path / "k.json").unlink()
    assert find(tmp_path, "k") is None


def test_a_restored_cache_is_read_once_and_then_trusted(tmp_path: Path) -> None:
    cached = store(tmp_path, "k", write)
    os.utime(tmp_path / "k.zip", (1, 1))
    assert find(tmp_path, "k") == cached
    assert json.loads((tmp_path / "k.json").read_text())["changed"] == 1_000_000_000
