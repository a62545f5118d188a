"""What functions and layers hold, unpacked once for all processes that run it.

MiniStack unpacks both for each process: with the layer of the reference pipeline 2,600 files and 28 MB, in
the server's own process, some 80 times in a burst. On AWS nobody can write to the two either.
"""

import hashlib
import io
import threading
import zipfile
from pathlib import Path

_READ, _EXECUTE = 0o444, 0o111


class Bundles:
    """Unpacked zips, in a folder of their own, each under the digest of its content."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def unpacked(self, content: bytes) -> Path:
        """Return the folder with what the zip holds; nobody is to write to it."""
        folder = self._folder / hashlib.sha256(content).hexdigest()
        with self._lock:
            if not folder.exists():
                beside = folder.with_suffix(".new")
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    archive.extractall(beside)
                    executable = {
                        info.filename for info in archive.infolist() if info.external_attr >> 16 & 0o100
                    }
                _close(beside, executable)
                beside.rename(folder)
        return folder


def _close(folder: Path, executable: set[str]) -> None:
    """Take the right to write from all that is in a folder, and from the folder."""
    folder.mkdir(parents=True, exist_ok=True)  # where the zip is empty
    for path in (folder, *folder.rglob("*")):
        may_run = path.is_dir() or path.relative_to(folder).as_posix() in executable
        path.chmod(_READ | (_EXECUTE if may_run else 0))
