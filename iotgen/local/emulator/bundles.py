"""The content of functions and layers, unpacked once for all processes.

MiniStack unpacks both for each process: with the layer of the reference pipeline 2,600 files and 28 MB, in
the server's own process, some 80 times in a burst. The folders are read-only, as on AWS.
"""

import hashlib
import io
import threading
import zipfile
from pathlib import Path

_READ, _EXECUTE = 0o444, 0o111


class Bundles:
    """Unpacked zips in one folder, each in a subfolder named by the digest of its content."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def unpacked(self, content: bytes) -> Path:
        """Return the read-only folder with the content of the zip."""
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
    """Make a folder and its content read-only."""
    folder.mkdir(parents=True, exist_ok=True)  # if the zip is empty
    for path in (folder, *folder.rglob("*")):
        may_run = path.is_dir() or path.relative_to(folder).as_posix() in executable
        path.chmod(_READ | (_EXECUTE if may_run else 0))
