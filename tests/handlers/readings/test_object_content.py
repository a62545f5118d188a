import io
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from readings import object_content
from readings.object_content import DOCUMENT_BYTES, LINE_BYTES, entries

# Longer numbers are refused.
_EXACT = st.integers(-(10**38) + 1, 10**38 - 1)


class Trickle(io.BytesIO):
    """A stream that gives a few bytes at a time."""

    def read(self, amount: int | None = None, /) -> bytes:
        return super().read() if amount is None else super().read(min(amount, 7))


def documents(content: bytes, *, streamed: bool) -> list[tuple[int, Any, str]]:
    size = DOCUMENT_BYTES + 1 if streamed else len(content)
    return [(entry.number, entry.document, entry.problem) for entry in entries(Trickle(content), size)]


@given(st.lists(st.dictionaries(st.text(max_size=3), _EXACT, max_size=2), min_size=2, max_size=6))
def test_lines_are_the_same_streamed_or_not(written: list[Any]) -> None:
    content = "\n".join(json.dumps(document) for document in written).encode()
    expected = [(number, document, "") for number, document in enumerate(written, 1)]
    assert documents(content, streamed=True) == documents(content, streamed=False) == expected


def test_empty_lines_count_but_are_no_entries() -> None:
    content = b'\n{"a": 1}\r\n\n  \n{"a": 2}\n'
    for streamed in (True, False):
        assert [number for number, *_ in documents(content, streamed=streamed)] == [2, 5]


def test_of_a_line_that_is_too_long_only_the_beginning_is_kept() -> None:
    content = b'{"a": 1}\n' + b"x" * (3 * LINE_BYTES) + b'\n{"a": 2}'
    found = list(entries(io.BytesIO(content), DOCUMENT_BYTES + 1))
    assert [(entry.number, bool(entry.problem)) for entry in found] == [(1, False), (2, True), (3, False)]
    assert len(found[1].content) == LINE_BYTES + 1


def test_a_chunk_may_end_anywhere() -> None:
    line = b'{"a": "' + b"x" * 1000 + b'"}\n'
    found = list(object_content.entries(Trickle(line * 40), DOCUMENT_BYTES + 1))
    assert len(found) == 40
    assert not any(entry.problem for entry in found)
