import base64
import hashlib
import io
import stat
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotgen.errors import IotgenError
from iotgen.package.archive import Entry, stored, write_zip

names = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\"), min_size=1, max_size=20
)


@given(st.dictionaries(names, st.binary(max_size=200), max_size=8))
def test_what_is_written_is_read_back(files: dict[str, bytes]) -> None:
    out = io.BytesIO()
    written = write_zip(out, [stored(name, content) for name, content in files.items()])
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == files
    assert written.size == len(out.getvalue())
    assert written.unzipped == sum(map(len, files.values()))
    assert written.sha256 == base64.b64encode(hashlib.sha256(out.getvalue()).digest()).decode()


def test_an_entry_says_nothing_of_the_machine() -> None:
    out = io.BytesIO()
    write_zip(out, [stored("app.py", b"x")])
    with zipfile.ZipFile(out) as archive:
        (info,) = archive.infolist()
    assert info.date_time == (1980, 1, 1, 0, 0, 0)
    assert info.create_system == 3
    assert info.external_attr >> 16 == stat.S_IFREG | 0o755
    assert (info.extra, info.comment, info.compress_type) == (b"", b"", zipfile.ZIP_STORED)


def test_the_bytes_of_a_zip_stay_as_they_are() -> None:
    # A change here redeploys everyone's functions: it has to be meant.
    out = io.BytesIO()
    written = write_zip(out, [stored("app.py", b"print(1)\n"), stored("b/ü.txt", b"")])
    assert written.sha256 == "TSM3k9gnrPb42hUGIbM//fxYwxV91vfTJxhYifHti6o="


def test_a_name_that_is_no_text_is_refused() -> None:
    with pytest.raises(IotgenError, match="is not valid UTF-8"):
        write_zip(io.BytesIO(), [stored("bad\udcff.py", b"")])


def test_more_files_than_a_zip_can_count_are_refused() -> None:
    entry = Entry("a", b"", 0, 0)
    with pytest.raises(IotgenError, match="65536 files"):
        write_zip(io.BytesIO(), (entry for _ in range(70_000)))
