"""The cache of built layers: a zip for each digest of the input, and a record beside it."""

import base64
import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from iotgen.errors import IotgenError
from iotgen.package.archive import Written
from iotgen.package.atomic import write_beside

# To be incremented when the same requirements should give another zip.
_FORMAT = 2


@dataclass(frozen=True)
class Cached:
    """A layer's zip in the cache, and its digest and sizes."""

    path: Path
    written: Written


def cache_key(requirements: bytes, runtime: str, architecture: str) -> str:
    """A digest of everything that determines the content of a layer."""
    parts = (str(_FORMAT).encode(), runtime.encode(), architecture.encode(), requirements)
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def find(folder: Path, key: str) -> Cached | None:
    """The cached layer; None if it is missing or damaged.

    The record has the zip's size and modification time, so that an unchanged zip of 20 MB need not be read.
    If the time differs (in a copied or restored cache), the zip is read once.
    """
    path = folder / f"{key}.zip"
    try:
        record = json.loads(_record(folder, key).read_bytes())
        written = Written(str(record["sha256"]), int(record["size"]), int(record["unzipped"]))
        status = path.stat()
        if status.st_size != written.size:
            return None
        if status.st_mtime_ns != record["changed"]:
            if _sha256(path) != written.sha256:
                return None
            with suppress(IotgenError):  # in a read-only cache, the zip is read every time
                _write_record(folder, key, path, written)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Cached(path, written)


def store(folder: Path, key: str, write: Callable[[BinaryIO], Written]) -> Cached:
    """Write a layer's zip, then its record, which makes it valid; concurrent builds write the same bytes."""
    path = folder / f"{key}.zip"
    written = write_beside(path, write)
    _write_record(folder, key, path, written)
    return Cached(path, written)


def _record(folder: Path, key: str) -> Path:
    return folder / f"{key}.json"


def _write_record(folder: Path, key: str, path: Path, written: Written) -> None:
    record = {
        "sha256": written.sha256,
        "size": written.size,
        "unzipped": written.unzipped,
        "changed": path.stat().st_mtime_ns,
    }
    write_beside(_record(folder, key), lambda out: out.write(json.dumps(record).encode()))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return base64.b64encode(hashlib.file_digest(file, "sha256").digest()).decode()
