"""Packs the files of wheels into a layer, without unpacking or installing them.

So the layer has none of the files that versions of pip add (bin/, RECORD, INSTALLER, REQUESTED,
direct_url.json, compiled files), and its bytes depend only on the wheels. Format:
https://packaging.python.org/en/latest/specifications/binary-distribution-format/
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from iotgen.errors import IotgenError
from iotgen.package.archive import DEFLATED, STORED, Entry, Written, encode_name, write_zip
from iotgen.package.requirements import normalise

_DATA = re.compile(r"[^/]+\.data/(?P<scheme>[^/]+)/(?P<rest>.+)")
# The other schemes in a wheel's .data folder are for a machine's bin, man and include.
_LIBRARY = ("purelib", "platlib")
_INSTALLERS = re.compile(
    r"[^/]+\.dist-info/(RECORD|RECORD\.jws|RECORD\.p7s|INSTALLER|REQUESTED|direct_url\.json)"
)
# A .pyc outside of __pycache__ is the module itself, unless its source is beside it.
_COMPILED = re.compile(r"(^|.*/)__pycache__/.*|.*\.pyo")
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class Wheel:
    """A wheel and its metadata; `requires` are its dependencies in the form of PEP 508."""

    path: Path
    name: str
    version: str
    requires: tuple[str, ...]


def read_wheel(path: Path) -> Wheel:
    """Read a wheel's metadata; IotgenError if it is not a wheel."""
    try:
        with ZipFile(path) as archive:
            names = [name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)]
            # Older metadata may be in any encoding; the fields read here are ASCII.
            headers = HeaderParser().parsestr(archive.read(names[0]).decode(errors="replace"))
    except (BadZipFile, IndexError, EOFError, RuntimeError, zlib.error) as error:
        raise IotgenError(f"{path.name} is not a valid wheel: {error}") from error
    name, version = headers["Name"], headers["Version"]
    if name is None or version is None:
        missing = "Version" if name else "Name"
        raise IotgenError(f"{path.name} is not a valid wheel: its metadata has no {missing}")
    requires = tuple(str(value) for value in headers.get_all("Requires-Dist") or ())
    return Wheel(path, normalise(str(name)), str(version).strip(), requires)


def write_layer(out: BinaryIO, wheels: Sequence[Wheel], say: Callable[[str], None]) -> Written:
    """Write the wheels' files below python/, which Lambda adds to sys.path for layers."""
    files: dict[str, tuple[ZipFile, ZipInfo]] = {}
    owners: dict[str, Wheel] = {}
    with ExitStack() as opened:
        for wheel in sorted(wheels, key=lambda wheel: wheel.name):
            archive = opened.enter_context(ZipFile(wheel.path))
            for name, info in _files(wheel, archive):
                if name in files and files[name][1].CRC != info.CRC:
                    say(f"{name} differs in two packages: the layer has that of {wheel.name}")
                files[name], owners[name] = (archive, info), wheel
        _refuse_file_as_folder(owners)
        return write_zip(out, _entries(files))


def _refuse_file_as_folder(owners: Mapping[str, Wheel]) -> None:
    """IotgenError if a file has the name of a folder: Lambda could not unpack the layer."""
    for name, wheel in sorted(owners.items()):
        parts = name.split("/")
        for depth in range(2, len(parts)):
            if file := owners.get("/".join(parts[:depth])):
                raise IotgenError(
                    f"{'/'.join(parts[1:depth])} is a file in {file.name} {file.version} and a folder in "
                    f"{wheel.name} {wheel.version}: a layer cannot have both",
                    "Put the two packages into layers of different functions, or pin other versions of them.",
                )


def _files(wheel: Wheel, archive: ZipFile) -> Iterator[tuple[str, ZipInfo]]:
    sources = {name for name in archive.namelist() if name.endswith(".py")}
    for info in archive.infolist():
        name = info.filename
        if ".." in name.split("/") or name.startswith("/") or "\\" in name:
            raise IotgenError(
                f"{wheel.path.name} has a file outside its folder: {name!r}", "Do not use this wheel."
            )
        if data := _DATA.fullmatch(name):
            if data["scheme"] not in _LIBRARY:
                continue
            name = data["rest"]
        if info.is_dir() or _INSTALLERS.fullmatch(name) or _COMPILED.fullmatch(name):
            continue
        if name.endswith(".pyc") and info.filename[:-1] in sources:
            continue
        yield f"python/{name}", info


def _entries(files: Mapping[str, tuple[ZipFile, ZipInfo]]) -> Iterator[Entry]:
    for name in sorted(files, key=encode_name):
        archive, info = files[name]
        if info.flag_bits & _ENCRYPTED or info.compress_type not in (STORED, DEFLATED):
            raise IotgenError(
                f"{archive.filename}: Lambda cannot unpack {info.filename}: it is encrypted, or not deflated"
            )
        yield Entry(name, _payload(archive, info), info.file_size, info.CRC, info.compress_type)


def _payload(archive: ZipFile, info: ZipInfo) -> bytes:
    """A file's bytes as stored in the zip, still compressed."""
    file = archive.fp
    if file is None:
        raise ValueError(f"{archive.filename} is closed")
    file.seek(info.header_offset)
    *_, name_length, extra_length = _LOCAL_HEADER.unpack(file.read(_LOCAL_HEADER.size))
    file.seek(name_length + extra_length, 1)
    return file.read(info.compress_size)
