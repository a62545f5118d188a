"""The process of a handler: started, listened to, ended at its deadline."""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from iotgen.system import explained

_SCRIPT = Path(__file__).parent / "inside" / "run.py"
# What an import may take beside the invocation, and what a process that has ended may leave in its pipe.
_INIT, _LATE = 60.0, 1.0
_CHUNK = 1 << 16
_LONGEST_LINE = 1 << 18
_MOST_KEPT = 1 << 20
"""Characters of the log that are kept; all of it goes to the one who listens."""

Listen = Callable[[str], None]


@dataclass
class Log:
    """The lines of a log as they come: each goes to `listen`, the last ones are kept."""

    listen: Listen
    kept: deque[str] = field(default_factory=deque)
    dropped: int = 0
    _size: int = 0
    _rest: bytes = b""

    def feed(self, data: bytes) -> None:
        """Take what was read; a line without an end comes with the next one, or with `end`."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > _LONGEST_LINE:
            lines, self._rest = [*lines, self._rest], b""
        for line in lines:
            self._add(line.decode("utf-8", errors="backslashreplace"))

    def end(self) -> None:
        """Take the line that was begun last."""
        if self._rest:
            self.feed(b"\n")

    def _add(self, line: str) -> None:
        self.listen(line)
        self.kept.append(line)
        self._size += len(line)
        while self._size > _MOST_KEPT:
            self._size -= len(self.kept.popleft())
            self.dropped += 1


@dataclass(frozen=True)
class Ended:
    """How a process ended: its report, a line each, its stacks at a timeout, and its exit code."""

    report: tuple[dict[str, Any], ...]
    stacks: str
    code: int


def run_process(
    request: Mapping[str, Any], environment: Mapping[str, str], folder: Path, log: Log, timeout: float
) -> Ended:
    """Run the handler in a process of its own, whose output is the log.

    Under a debugger it has this terminal, and all the time that it takes.
    """
    debugged = request["debug"] is not None
    with explained("start", "a process"), _request(request) as asked, _files() as (report, stacks):
        descriptors = [file.fileno() for file in (asked, report, stacks)]
        process = subprocess.Popen(
            [sys.executable, "-P", str(_SCRIPT), *map(str, descriptors)],
            cwd=folder,
            env=dict(environment),
            pass_fds=descriptors,
            stdin=None if debugged else subprocess.DEVNULL,
            stdout=None if debugged else subprocess.PIPE,
            stderr=None if debugged else subprocess.STDOUT,
            start_new_session=not debugged,  # so that all that it starts ends with it
        )
        if debugged:
            _wait_under_debugger(process)
        else:
            _wait(process, log, timeout + _INIT)
        return Ended(tuple(_entries(report)), _all(stacks).decode(errors="replace"), process.returncode)


@contextmanager
def _request(request: Mapping[str, Any]) -> Iterator[IO[bytes]]:
    """A file without a name that holds the request."""
    with TemporaryFile() as file:
        file.write(json.dumps(request).encode())
        file.seek(0)
        yield file


@contextmanager
def _files() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Two files without a name: one for the report, one for stacks."""
    with TemporaryFile() as report, TemporaryFile() as stacks:
        yield report, stacks


def _wait_under_debugger(process: subprocess.Popen[bytes]) -> None:
    """Wait, and leave Ctrl-C to the debugger."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process.wait()
    finally:
        signal.signal(signal.SIGINT, before)


def _wait(process: subprocess.Popen[bytes], log: Log, seconds: float) -> None:
    """Listen until the process has ended, or end it: after `seconds`, or when this one is to end."""
    deadline = time.monotonic() + seconds
    try:
        _listen(process, log, deadline)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        log.end()


def _listen(process: subprocess.Popen[bytes], log: Log, deadline: float) -> None:
    """Read its output until that ends, or shortly after the process has, or at the deadline."""
    assert process.stdout  # noqa: S101
    with process.stdout as pipe, selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        ended = None
        while (now := time.monotonic()) < deadline:
            if ended is None and process.poll() is not None:
                ended = now
            if ended is not None and now - ended > _LATE:  # what it started still holds the pipe
                return
            if selector.select(timeout=0.1):
                data = os.read(pipe.fileno(), _CHUNK)
                if not data:
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(max(0.0, deadline - time.monotonic()))
                    return
                log.feed(data)


def _entries(report: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The entries of the report; the last one may be cut off where the process was killed."""
    for line in _all(report).splitlines():
        with suppress(ValueError):
            yield json.loads(line)


def _all(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()
