"""Standard output and error that survive a closed pipe and a full disk.

The exit code shows what a command did, so a reader that closes the pipe early (`| head -1`) does not change
it: later output is dropped. If writing fails for another reason, the command ends with that error.
"""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO


class Descriptor(io.FileIO):
    """A descriptor whose `write` never raises; `failure` is the first error other than a closed pipe."""

    failure: OSError | None = None
    _gone = False

    @property
    def gone(self) -> bool:
        """Whether nobody reads what is written any more."""
        return self._gone

    def write(self, data: Any, /) -> int:
        """Write `data`, or drop it after a failure."""
        if not self._gone:
            try:
                return super().write(data)
            except BrokenPipeError:
                self._gone = True
            except OSError as error:
                self._gone, self.failure = True, error
        return memoryview(data).nbytes


def _text(descriptor: Descriptor, like: TextIO) -> io.TextIOWrapper:
    """A text stream on a descriptor; characters outside its encoding are escaped."""
    return io.TextIOWrapper(
        io.BufferedWriter(descriptor),
        encoding=like.encoding,
        errors="backslashreplace",
        line_buffering=bool(like.line_buffering),
    )


def open_closed() -> None:
    """Open closed standard descriptors on /dev/null, before another file gets their number."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # opens the lowest free number, which is this one


@contextmanager
def guarded() -> Iterator[Descriptor]:
    """Replace sys.stdout and sys.stderr by such streams; yields the descriptor of standard output."""
    open_closed()
    if sys.stdin is None:  # it was closed when Python started
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, closefd=False)), encoding="utf-8")
    before = sys.stdout, sys.stderr
    descriptors = Descriptor(1, "wb", closefd=False), Descriptor(2, "wb", closefd=False)
    for stream in before:
        if stream is not None:
            stream.flush()
    like = sys.stderr or sys.__stderr__ or io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    streams = [
        _text(descriptor, stream or like) for descriptor, stream in zip(descriptors, before, strict=True)
    ]
    sys.stdout, sys.stderr = streams
    try:
        yield descriptors[0]
    finally:
        for stream in streams:
            stream.flush()
        sys.stdout, sys.stderr = before


def unread() -> bool:
    """Whether standard output has no reader any more: what goes on for ever ends then."""
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return isinstance(raw, Descriptor) and raw.gone
