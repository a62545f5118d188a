"""The events of a log group, page by page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iotgen.errors import RemoteError
from iotgen.operate.logs import pages
from iotgen.operate.logs.pages import Window
from tests.operate.logs.fakes import Clock, Logs, event, group, named, reader, refusal

EVER = Window(0)


def times(logs: Logs, window: Window = EVER) -> list[int]:
    return [one.time for one in reader(logs).events(group("f"), window)]


@given(st.lists(st.integers(0, 50)), st.integers(1, 7), st.integers(0, 50), st.integers(0, 50))
def test_each_event_of_the_window_is_read_once_and_in_order(
    at: list[int], page: int, start: int, end: int
) -> None:
    logs = Logs(named({"f": [event(time) for time in at]}), page)
    assert times(logs, Window(start, end)) == sorted(time for time in at if start <= time <= end)


@given(st.lists(st.integers(0, 20), max_size=40), st.integers(2, 9))
def test_a_full_page_without_a_token_is_not_the_last(at: list[int], page: int) -> None:
    """As the local AWS answers. What has more events in a millisecond than a page holds loses the rest."""
    logs = Logs(named({"f": [event(time, str(at)) for time in at]}), tokens=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "PAGE", page)
        found = times(logs)
    whole = all(at.count(time) < page for time in at)
    assert found == sorted(at) if whole else set(found) == set(at)


def test_events_without_an_id_get_one_that_stays() -> None:
    own = [event(5), event(5), event(5, stream="t"), event(6), event(7, id_="of-aws")]
    logs = Logs(named({"f": own}))
    first = [one.id for one in reader(logs).events(group("f"), EVER)]
    assert len(set(first)) == len(own)
    assert first[-1] == "of-aws"
    assert [one.id for one in reader(logs).events(group("f"), Window(6))] == first[3:]


def test_a_group_that_is_missing_is_told_and_has_no_events() -> None:
    own = reader(Logs({}))
    assert list(own.events(group("f"), EVER)) == []
    assert own.missing == {group("f")}
    own.logs.events = named({"f": []})
    assert list(own.events(group("f"), EVER)) == []
    assert own.missing == set()


def test_calls_keep_to_the_accounts_quota() -> None:
    clock = Clock()
    logs = Logs(named({"f": [event(time) for time in range(20)]}), page=1)
    assert len(list(reader(logs, clock).events(group("f"), EVER))) == 20
    assert clock.now >= len(logs.calls) / pages.CALLS_PER_SECOND - 1


def test_what_is_throttled_is_asked_for_again_later() -> None:
    clock = Clock()
    logs = Logs(named({"f": [event(1)]}), failures=[refusal("ThrottlingException")] * 3)
    assert [one.time for one in reader(logs, clock).events(group("f"), EVER)] == [1]
    assert clock.slept == [1.0, 2.0, 4.0]


def test_what_stays_throttled_is_an_error_in_the_end() -> None:
    clock = Clock()
    logs = Logs(named({"f": []}), failures=[refusal("ThrottlingException")] * 100)
    with pytest.raises(RemoteError, match="CloudWatch refuses more calls") as error:
        list(reader(logs, clock).events(group("f"), EVER))
    assert "5 such calls a second" in error.value.hint
    assert len(logs.calls) == 6


def test_what_the_caller_may_not_read_names_the_permission() -> None:
    logs = Logs(named({"f": []}), failures=[refusal("AccessDeniedException")])
    with pytest.raises(RemoteError, match="cannot read the log of f: AccessDeniedException") as error:
        list(reader(logs).events(group("f"), EVER))
    assert "logs:FilterLogEvents" in error.value.hint


def test_a_search_that_finds_nothing_for_long_says_that_it_goes_on() -> None:
    said: list[str] = []
    logs = Logs(named({"f": [event(time) for time in range(60)]}), page=1)
    list(reader(logs, said=said).events(group("f"), EVER))
    assert said == ["Read 50 pages of the log of f, and go on", "Read 100 pages of the log of f, and go on"]
