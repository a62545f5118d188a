"""The record of a project's local AWS on disk, and the lock that it holds while it runs.

A process id alone may be stale, or reused by another process. So the server inherits the descriptor of a
locked file: the lock is held exactly as long as the server runs, however it ends.

The record has the credentials of the start, so only its owner can read the folder and the record.
"""

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from iotgen.credentials import Credentials
from iotgen.errors import IotgenError
from iotgen.reading import read_bytes
from iotgen.system import refused


@dataclass(frozen=True)
class LocalAws:
    """A running local AWS: its process (and group) id, its port and its endpoint.

    `instance` is new for each start: a state of another one describes resources that no longer exist. The
    keys are new as well, and those of the account's root; `region` is the one it was started for.
    """

    pid: int
    port: int
    endpoint: str
    instance: str
    log: Path
    region: str
    access_key: str
    secret_key: str = field(repr=False)

    @property
    def credentials(self) -> Credentials:
        """The credentials of the account's root."""
        return Credentials(self.access_key, self.secret_key)


@dataclass(frozen=True)
class Files:
    """The files of one project's local AWS, all in one folder."""

    folder: Path

    @property
    def record(self) -> Path:
        """The latest start, as JSON; a stop removes it, so it remains only after a crash."""
        return self.folder / "server.json"

    @property
    def lock(self) -> Path:
        """The file that the server locks while it runs."""
        return self.folder / "server.lock"

    @property
    def control(self) -> Path:
        """The file that a start or stop of the server locks, so that only one is in progress."""
        return self.folder / "control.lock"

    @property
    def log(self) -> Path:
        """The output of the latest server; that of the previous one is kept beside it."""
        return self.folder / "ministack.log"

    @property
    def function_logs(self) -> Path:
        """The logs of the latest server's functions, one file for each function."""
        return self.folder / "functions"

    @property
    def scratch(self) -> Path:
        """The server's temporary files; a stop removes them."""
        return self.folder / "scratch"

    def running(self) -> bool:
        """Whether a server holds the lock."""
        try:
            descriptor = os.open(self.lock, os.O_RDONLY)
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise unwritable(self.folder, error) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def read(self) -> LocalAws | None:
        """Return the record, or None if there is none, or it cannot be read."""
        try:
            fields = json.loads(read_bytes(self.record))
            return LocalAws(**{**fields, "log": Path(fields["log"])})
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None

    def write(self, aws: LocalAws) -> None:
        """Replace the record atomically, with a file that has mode 0600 from the start."""
        text = json.dumps({**asdict(aws), "log": str(aws.log)}, indent=2)
        with tempfile.NamedTemporaryFile("w", dir=self.folder, encoding="utf-8", delete=False) as file:
            beside = Path(file.name)
            try:
                file.write(text)
                file.flush()
                beside.replace(self.record)
            except BaseException:
                beside.unlink(missing_ok=True)
                raise

    def take_lock(self) -> int:
        """Lock the server's lock file and return its descriptor, for the server to inherit."""
        descriptor = os.open(self.lock, os.O_RDWR | os.O_CREAT, 0o600)
        # Waits only for a process that is checking whether a server runs.
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return descriptor

    @contextmanager
    def controlled(self) -> Iterator[None]:
        """Make every other start and stop of this folder's server wait; also makes the folder private.

        Raises IotgenError if the folder cannot be written.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            descriptor = os.open(self.control, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise unwritable(self.folder, error) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def unwritable(folder: Path, error: OSError) -> IotgenError:
    """Return the error for a folder that the local AWS cannot write to."""
    hint = "Make that folder writable, or choose another one with `--out`."
    return refused(error, "write", error.filename or folder, hint)
