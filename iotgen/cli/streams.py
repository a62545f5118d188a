"""Standard output and error that survive a closed pipe and a full disk.

The exit code shows what a command did, so a reader that closes the pipe early (`| head -1`) does not change
it: later output is dropped. If writing fails for another reason, the command ends with that error.
"""

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO


class Output(io.BufferedWriter):
    """A descriptor's writer that never raises; `failure` is the first error other than a closed pipe.

    The guard is here and not in a raw stream of Python: what interrupts a `write` of that after its system
    call makes the buffer take the bytes for unwritten, and write them again.
    """

    failure: OSError | None = None
    gone = False  # whether nobody reads what is written any more

    def write(self, data: Any, /) -> int:
        """Write `data`, or drop it after a failure."""
        self._unless_gone(lambda: super(Output, self).write(data))
        return memoryview(data).nbytes

    def flush(self) -> None:
        """Hand on what was written, or drop it after a failure."""
        self._unless_gone(super().flush)

    def _unless_gone(self, call: Callable[[], object]) -> None:
        if self.gone:
            return
        try:
            call()
        except BrokenPipeError:
            self.gone = True
        except OSError as error:
            self.gone, self.failure = True, error


def _writer(descriptor: int) -> Output:
    return Output(io.FileIO(descriptor, "wb", closefd=False))


def open_closed() -> None:
    """Open closed standard descriptors on /dev/null, before another file gets their number."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # opens the lowest free number, which is this one


def _text(writer: Output, like: TextIO) -> io.TextIOWrapper:
    """A text stream on a writer; characters outside its encoding are escaped."""
    return io.TextIOWrapper(
        writer,
        encoding=like.encoding,
        errors="backslashreplace",
        line_buffering=bool(like.line_buffering),
    )


@contextmanager
def guarded() -> Iterator[Output]:
    """Replace sys.stdout and sys.stderr by such streams; yields the writer of standard output."""
    open_closed()
    if sys.stdin is None:  # it was closed when Python started
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), encoding="utf-8")
    before = sys.stdout, sys.stderr
    for stream in before:
        if stream is not None:
            stream.flush()
    like = sys.stderr or sys.__stderr__ or io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    writers = _writer(1), _writer(2)
    streams = [_text(writer, stream or like) for writer, stream in zip(writers, before, strict=True)]
    sys.stdout, sys.stderr = streams
    try:
        yield writers[0]
    finally:
        for stream in streams:
            stream.flush()
        sys.stdout, sys.stderr = before


def unread() -> bool:
    """Whether standard output has no reader any more: what goes on for ever ends then."""
    writer = getattr(sys.stdout, "buffer", None)
    return isinstance(writer, Output) and writer.gone
