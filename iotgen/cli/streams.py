"""Standard output and error that outlive their reader, and a full disk.

A command's exit code tells what it did. So a reader that has seen enough (`| head -1`) changes nothing: what
is written after that is dropped. A result that cannot be written for another reason is told at the end.
"""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO


class Descriptor(io.FileIO):
    """A descriptor that never fails to be written to; `failure` is why it first did."""

    failure: OSError | None = None
    _gone = False

    def write(self, data: Any, /) -> int:
        """Write what can be written, and drop the rest."""
        if not self._gone:
            try:
                return super().write(data)
            except BrokenPipeError:
                self._gone = True
            except OSError as error:
                self._gone, self.failure = True, error
        return memoryview(data).nbytes


def _text(descriptor: Descriptor, like: TextIO) -> io.TextIOWrapper:
    """A text stream on a descriptor; what its encoding lacks is written as an escape."""
    return io.TextIOWrapper(
        io.BufferedWriter(descriptor),
        encoding=like.encoding,
        errors="backslashreplace",
        line_buffering=bool(like.line_buffering),
    )


def open_closed() -> None:
    """Give the standard descriptors that are closed to nothing, before a file of ours gets their number."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest free one, which is this


@contextmanager
def guarded() -> Iterator[Descriptor]:
    """Let all that is printed meanwhile go through such descriptors; gives that of standard output."""
    open_closed()
    if sys.stdin is None:  # Python found it closed
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
