"""The file that keeps what is taken out of a dead-letter queue: on disk before anything is taken."""

import base64
import json
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from iotgen.operate.dlq.letter import DeadLetter
from iotgen.system import explained

FOLDER = ".kept"
_MODE, _FOLDER_MODE = 0o600, 0o700


def kept_folder(out: Path, suffix: str) -> Path:
    """Where letters of an environment are kept, beside its rendered folder, which an apply replaces."""
    return out / FOLDER / suffix


class Kept:
    """A file of JSON lines that is made when the first letter comes; `path` is None until then.

    Only its owner can read it: letters hold what devices sent.
    """

    def __init__(self, folder: Path, queue: str, now: Callable[[], datetime]) -> None:
        self._folder, self._queue, self._now = folder, queue, now
        self.path: Path | None = None

    def keep(self, letters: Iterable[DeadLetter], why: str) -> None:
        """Write letters, and return when they are on the disk; IotgenError if they cannot be."""
        lines = "".join(f"{json.dumps(self._entry(letter, why))}\n" for letter in letters)
        if not lines:
            return
        with explained("write", self.path or self._folder):
            descriptor = self._opened()
            try:
                self._write(descriptor, lines.encode())
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def _opened(self) -> int:
        flags = os.O_WRONLY | os.O_APPEND
        if self.path is not None:
            return os.open(self.path, flags)
        self._folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        path = self._folder / f"{self._queue}-{self._now():%Y%m%dT%H%M%S%f}.jsonl"
        descriptor = os.open(path, flags | os.O_CREAT | os.O_EXCL, _MODE)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)  # so that the name of the file outlives a power cut as well
        finally:
            os.close(folder)
        self.path = path
        return descriptor

    @staticmethod
    def _write(descriptor: int, data: bytes) -> None:
        while data:
            data = data[os.write(descriptor, data) :]

    def _entry(self, letter: DeadLetter, why: str) -> dict[str, Any]:
        return {
            "queue": self._queue,
            "id": letter.id,
            "why": why,
            "at": self._now().isoformat(),
            "sent": letter.sent.isoformat(),
            "reason": letter.reason,
            "body": letter.body,
            "attributes": as_json(letter.attributes),
            **({"group": letter.group} if letter.group else {}),
        }


def as_json(attributes: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """A message's attributes, with base64 for bytes."""
    return {
        name: {
            part: base64.b64encode(value).decode() if isinstance(value, bytes) else value
            for part, value in attribute.items()
        }
        for name, attribute in attributes.items()
    }
