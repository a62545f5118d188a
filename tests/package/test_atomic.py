import errno
import os
import resource
from pathlib import Path
from typing import BinaryIO

import pytest

from iotgen.errors import IotgenError
from iotgen.package.atomic import write_beside


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.ENOSPC, "cannot write {}: no space left on device"),
        (errno.EDQUOT, "cannot write {}: disk quota exceeded"),
        (errno.EROFS, "cannot write {}: read-only file system"),
        (errno.EIO, "cannot write {}: input/output error"),
    ],
)
def test_what_was_there_stays_when_writing_fails(tmp_path: Path, number: int, message: str) -> None:
    place = tmp_path / "a.zip"
    place.write_bytes(b"old")

    def write(out: BinaryIO) -> None:
        out.write(b"half")
        raise OSError(number, os.strerror(number))

    with pytest.raises(IotgenError) as caught:
        write_beside(place, write)
    assert caught.value.message == message.format(place)
    assert place.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [place]


def test_nothing_is_left_by_an_interruption(tmp_path: Path) -> None:
    def write(out: BinaryIO) -> None:
        out.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_beside(tmp_path / "a.zip", write)
    assert list(tmp_path.iterdir()) == []


def test_a_limit_of_the_system_leaves_nothing_half_written(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(IotgenError, match="file too large"):
            write_beside(tmp_path / "a.zip", lambda out: out.write(bytes(100_000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_folders_are_made_and_the_result_handed_back(tmp_path: Path) -> None:
    assert write_beside(tmp_path / "a" / "b.zip", lambda out: out.write(b"abc")) == 3
    assert (tmp_path / "a" / "b.zip").read_bytes() == b"abc"


def test_a_file_in_the_way_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(IotgenError, match=r"cannot write .*out/a\.zip: "):
        write_beside(tmp_path / "out" / "a.zip", lambda out: out.write(b""))
