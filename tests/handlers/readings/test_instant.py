import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings import instant

milliseconds = st.integers(0, instant.LATEST)


@given(milliseconds)
def test_iso_is_read_back(moment: int) -> None:
    assert instant.microseconds(instant.iso(moment)) == moment * 1000


@given(milliseconds, milliseconds)
def test_iso_sorts_like_time(one: int, other: int) -> None:
    assert (instant.iso(one) < instant.iso(other)) == (one < other)


@given(milliseconds, st.integers(10, 24))
def test_a_prefix_spans_the_instants_that_begin_with_it(moment: int, length: int) -> None:
    prefix = instant.iso(moment)[:length]
    first, last = instant.span(prefix)
    assert first <= moment <= last
    assert instant.iso(first).startswith(prefix)
    assert instant.iso(last).startswith(prefix)
    assert first == 0 or not instant.iso(first - 1).startswith(prefix)
    assert last == instant.LATEST or not instant.iso(last + 1).startswith(prefix)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-11-14T22:13:20Z", 1_700_000_000_000_000),
        ("2023-11-14T22:13:20", 1_700_000_000_000_000),
        ("2023-11-14 22:13:20.000", 1_700_000_000_000_000),
        ("2023-11-14t23:13:20+01:00", 1_700_000_000_000_000),
        ("2023-11-14T16:43:20-0530", 1_700_000_000_000_000),
        ("2023-11-14T22:13:20.1234567Z", 1_700_000_000_123_456),
        ("2023-11-14T22:13:20,5Z", 1_700_000_000_500_000),
    ],
)
def test_reads_iso_8601(text: str, expected: int) -> None:
    assert instant.microseconds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "20231114T221320Z",
        "2023-11-14",
        "2023-02-30T00:00:00Z",
        "2023-11-14T25:00:00Z",
        "1969-12-31T23:59:59Z",
        "9999-12-31T23:59:59-01:00",
        "٢٠٢٣-11-14T22:13:20Z",
    ],
)
def test_refuses_what_is_no_instant(text: str) -> None:
    with pytest.raises(ValueError, match=r"n"):
        instant.microseconds(text)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("0", (0, 0)),
        ("1700000000000", (1_700_000_000_000, 1_700_000_000_000)),
        ("2023-11-14", (1_699_920_000_000, 1_700_006_399_999)),
        ("2023-11-14T22:13:20+00:00", (1_700_000_000_000, 1_700_000_000_000)),
        ("2023-11-14T23:13+01:00", (1_699_999_980_000, 1_699_999_980_000)),
    ],
)
def test_spans(text: str, span: tuple[int, int]) -> None:
    assert instant.span(text) == span


@pytest.mark.parametrize(
    "text", ["", "2023", "20231114", "2023-11", "2023-11-99", "9" * 16, "9" * 40, "2023-11-14X"]
)
def test_refuses_what_spans_nothing(text: str) -> None:
    with pytest.raises(ValueError, match=r"n"):
        instant.span(text)
