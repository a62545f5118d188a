"""A zip writer whose bytes depend only on names and contents.

The standard library's would do for files, but it cannot copy a stream that is already compressed, and
compressing again makes zips differ: zlib and zlib-ng (which some builds of Python use) write different bytes
for the same file. So nothing is compressed here. Handlers are stored uncompressed; the files of a layer keep
their compressed bytes from the wheel.

Format: PKWARE's APPNOTE.TXT 6.3, sections 4.3.7 (local header), 4.3.12 (central directory) and 4.3.16 (its
end).
"""

import base64
import hashlib
import struct
from binascii import crc32
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from iotgen.errors import IotgenError

STORED = 0
DEFLATED = 8

_VERSION = 20  # 2.0: deflate and folders
_UNIX = 3
_UTF8 = 0x800
_TIME, _DATE = 0, (1980 - 1980) << 9 | 1 << 5 | 1  # 1980-01-01 00:00, the earliest time in a zip
# Every file is executable. Of a mode, git keeps only that bit, some file systems and checkouts (vfat,
# core.fileMode=false) lose even that, and a binary without it fails in Lambda: so it is not read from the
# disk.
_MODE = 0o100755

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s4B4H3I5H2I")
_END = struct.Struct("<4s4H2IH")
# Beyond these a zip needs the 64-bit extension; Lambda's limit of 250 MB is far below.
_MOST_ENTRIES, _MOST_BYTES = 0xFFFF, 0xFFFFFFFF


@dataclass(frozen=True)
class Entry:
    """One file of a zip: its path in the zip, with slashes, and its bytes as stored in the zip.

    `size` and `crc` are those of the unpacked file.
    """

    name: str
    payload: bytes
    size: int
    crc: int
    method: int = STORED


@dataclass(frozen=True)
class Written:
    """A written zip: its SHA-256 in base64, and the sizes of the zip and of its files in bytes."""

    sha256: str
    size: int
    unzipped: int


def stored(name: str, content: bytes) -> Entry:
    """An entry for a file's content, uncompressed."""
    return Entry(name, content, len(content), crc32(content))


def encode_name(name: str) -> bytes:
    """The name in the zip's encoding, by which entries are sorted; IotgenError if it is not valid UTF-8."""
    try:
        return name.encode()
    except UnicodeEncodeError:
        shown = name.encode(errors="surrogateescape").decode(errors="replace")
        raise IotgenError(f"the file name {shown!r} is not valid UTF-8", "Rename that file.") from None


def write_zip(out: BinaryIO, entries: Iterable[Entry]) -> Written:
    """Write the entries in their order, with only one in memory at a time."""
    digest, size, unzipped, count = hashlib.sha256(), 0, 0, 0
    directory = bytearray()

    def put(data: bytes | bytearray) -> None:
        nonlocal size
        out.write(data)
        digest.update(data)
        size += len(data)

    for entry in entries:
        directory += _central(entry, size)
        put(_local(entry))
        put(entry.payload)
        unzipped += entry.size
        count += 1
        if count > _MOST_ENTRIES or size > _MOST_BYTES:
            raise IotgenError(
                f"too much for one zip: {count} files, {size} bytes",
                "Check that `source` names the right folder: Lambda allows 250 MB in total.",
            )
    start = size
    put(directory)
    put(_END.pack(b"PK\5\6", 0, 0, count, count, len(directory), start, 0))
    return Written(base64.b64encode(digest.digest()).decode(), size, unzipped)


def _local(entry: Entry) -> bytes:
    name = encode_name(entry.name)
    header = _LOCAL.pack(
        b"PK\3\4", _VERSION, _flags(name), entry.method, _TIME, _DATE,
        entry.crc, len(entry.payload), entry.size, len(name), 0,
    )  # fmt: skip
    return header + name


def _central(entry: Entry, offset: int) -> bytes:
    name = encode_name(entry.name)
    header = _CENTRAL.pack(
        b"PK\1\2", _VERSION, _UNIX, _VERSION, 0, _flags(name), entry.method, _TIME, _DATE,
        entry.crc, len(entry.payload), entry.size, len(name), 0, 0, 0, 0, _MODE << 16, offset,
    )  # fmt: skip
    return header + name


def _flags(name: bytes) -> int:
    return 0 if name.isascii() else _UTF8
