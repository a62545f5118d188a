"""What a project knows of its local AWS: a record on disk, and a lock that is held as long as it runs.

A process id alone may be stale or taken by another process. So the server inherits the descriptor of a locked
file: while the lock is held the server runs, and when it is free, however the server ended, it doesn't.

The record holds the credentials of the start, so only its owner can read the folder and the record.
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
    """A local AWS that runs: its process (and group) id, its port, and where to call it.

    `instance` is new for each start: state that was made for another one describes resources that are gone.
    So are the keys, those of the account's root; `region` is the one that it was started for.
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
        """Those of the account's root."""
        return Credentials(self.access_key, self.secret_key)


@dataclass(frozen=True)
class Files:
    """The files of one project's local AWS, all in one folder."""

    folder: Path

    @property
    def record(self) -> Path:
        """The latest start, as JSON; removed by a stop, so it outlives only a server that died."""
        return self.folder / "server.json"

    @property
    def lock(self) -> Path:
        """Locked by the server as long as it runs."""
        return self.folder / "server.lock"

    @property
    def control(self) -> Path:
        """Locked by whoever starts or stops the server, so that only one does at a time."""
        return self.folder / "control.lock"

    @property
    def log(self) -> Path:
        """The output of the latest server; the one before it is kept beside it."""
        return self.folder / "ministack.log"

    @property
    def function_logs(self) -> Path:
        """What the functions of the latest server wrote, a file each."""
        return self.folder / "functions"

    @property
    def scratch(self) -> Path:
        """The server's temporary files; removed by a stop."""
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
        """Return the record, or None when there is none that can be read."""
        try:
            fields = json.loads(read_bytes(self.record))
            return LocalAws(**{**fields, "log": Path(fields["log"])})
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None

    def write(self, aws: LocalAws) -> None:
        """Replace the record in one step, by a file that never had another mode than 0600."""
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
        """Return the descriptor of the server's lock, locked; it is for the server to inherit."""
        descriptor = os.open(self.lock, os.O_RDWR | os.O_CREAT, 0o600)
        # Waits at most for someone who is just looking whether a server runs.
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return descriptor

    @contextmanager
    def controlled(self) -> Iterator[None]:
        """Keep every other start and stop of this folder's server waiting; makes the folder private.

        Raises IotgenError when the folder can't be written.
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
    """Return the error for a folder that the local AWS can't keep its files in."""
    hint = "Free or unlock that place, or choose another with `--out`."
    return refused(error, "write", error.filename or folder, hint)
