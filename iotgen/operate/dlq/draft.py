"""The file that a letter is edited in: private, and there until what is in it was sent."""

import os
from pathlib import Path

from iotgen.errors import IotgenError
from iotgen.system import explained

_MODE, _FOLDER_MODE = 0o600, 0o700


def private(folder: Path, id: str, text: str) -> tuple[Path, bool]:
    """A file of the caller's own with a text to edit; whether it is an earlier attempt's, as it was left."""
    path = folder / f"edit-{id}.json"
    with explained("write", path):
        folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
        except FileExistsError:
            return path, True
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogatepass", newline="") as file:
            file.write(text)
    return path, False


def read(path: Path) -> str:
    """What was edited; IotgenError if it is no text."""
    with explained("read", path):
        content = path.read_bytes()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise IotgenError(f"{path} is not UTF-8, and nothing was sent", "Save it as UTF-8.") from error


def discard(path: Path) -> None:
    """Remove the file."""
    with explained("remove", path):
        path.unlink(missing_ok=True)
