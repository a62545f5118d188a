"""The readings in an object: one JSON document, or JSON Lines of any length, which are streamed.

The text is UTF-8, with or without a byte order mark.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from readings import batch, exact_json
from readings.reading import ReadingError

# Up to here an object may be one document, which has to be in memory as a whole.
DOCUMENT_BYTES = 4 * 1024 * 1024
LINE_BYTES = 256 * 1024
_CHUNK_BYTES = 256 * 1024


class Stream(Protocol):
    """The body of an object."""

    def read(self, amt: int | None = None, /) -> bytes:
        """Read some bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that ought to be a reading: its number from 1, and its JSON, or its bytes and the problem."""

    number: int
    document: Any = None
    content: bytes = b""
    problem: str = ""


def entries(stream: Stream, size: int) -> Iterator[Entry]:
    """Give an object's entries; never more than DOCUMENT_BYTES of it are in memory."""
    if size > DOCUMENT_BYTES:
        yield from _entries_of_lines(_lines(stream))
        return
    content = stream.read()
    try:
        document = exact_json.loads(content)
    except exact_json.JsonError as error:
        entries_by_line = list(_entries_of_lines(enumerate(content.split(b"\n"), 1)))
        if any(isinstance(entry.document, dict) for entry in entries_by_line):
            yield from entries_by_line
        else:
            yield Entry(1, content=content, problem=str(error))
        return
    try:
        documents = document if isinstance(document, list) else batch.documents(document)
    except ReadingError as error:
        yield Entry(1, content=content, problem=error.reason)
        return
    for number, item in enumerate([document] if documents is None else documents, 1):
        yield Entry(number, item)


def _entries_of_lines(lines: Iterator[tuple[int, bytes]]) -> Iterator[Entry]:
    for number, line in lines:
        # Also within: files that begin with a mark are joined into one.
        line = line.removeprefix(codecs.BOM_UTF8)
        if not line.strip():
            continue
        if len(line) > LINE_BYTES:
            yield Entry(number, content=line, problem=f"the line is longer than {LINE_BYTES} bytes")
            continue
        try:
            yield Entry(number, exact_json.loads(line))
        except exact_json.JsonError as error:
            yield Entry(number, content=line, problem=str(error))


def _lines(stream: Stream) -> Iterator[tuple[int, bytes]]:
    """Give numbered lines; of one that is too long only the beginning, one byte more than is allowed."""
    number, line = 1, b""
    while chunk := stream.read(_CHUNK_BYTES):
        first, *rest = chunk.split(b"\n")
        line += first[: LINE_BYTES + 1 - len(line)]
        for following in rest:
            yield number, line
            number, line = number + 1, following
    yield number, line
