"""Zips that a project builds by itself."""

import base64
import hashlib
import os
import zipfile
from pathlib import Path

import pytest

from iotgen.errors import IotgenError
from iotgen.package import archive_digest, take_archive
from iotgen.package.limits import ZIPPED_LIMIT


def test_a_zip_is_deployed_byte_by_byte(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "f.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("bootstrap", "x" * 1000)
    content = (tmp_path / "f.zip").read_bytes()
    taken = take_archive(tmp_path / "f.zip", "f", tmp_path / "out/f.zip")
    assert taken.path.read_bytes() == content
    assert (taken.size, taken.unzipped) == (len(content), 1000)
    assert taken.sha256 == base64.b64encode(hashlib.sha256(content).digest()).decode()
    assert archive_digest(tmp_path / "f.zip", "f") == hashlib.sha256(content).hexdigest()


def test_one_that_is_not_built_says_so(tmp_path: Path) -> None:
    with pytest.raises(IotgenError) as error:
        take_archive(tmp_path / "f.zip", "f", tmp_path / "out/f.zip")
    assert error.value.message == f"the artifact of `f` is not built: there is no file {tmp_path}/f.zip"
    assert error.value.hint == "Build it first: iotgen deploys it as it is."


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f.zip").write_text("no zip")
    with pytest.raises(IotgenError, match="the artifact of `f`, is not a zip"):
        take_archive(tmp_path / "f.zip", "f", tmp_path / "out/f.zip")


def test_what_cannot_be_uploaded_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "f.zip").open("wb") as file:
        os.truncate(file.fileno(), ZIPPED_LIMIT + 1)
    with pytest.raises(IotgenError, match="has 52,428,801 bytes, but Lambda allows 52,428,800"):
        archive_digest(tmp_path / "f.zip", "f")
