import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings import answer, exact_json, http, items
from readings.invocation import Invocation
from readings.reading import read

LAMBDA_BYTES = 6_291_556


def as_lambda_sends_it(response: Any) -> int:
    """Count the bytes of a returned value, as the runtime writes it."""
    return len(json.dumps(response).encode())


@pytest.mark.parametrize("text", ["x", "é", "\U0001f321", '"', "\\", "\x01", "\n", "/"])
def test_a_page_fits_into_what_lambda_takes(world: Any, text: str) -> None:
    items = [{"n": n, "text": text * 1000} for n in range(9000)]
    page = answer.page(items)
    assert 0 < len(page) < len(items)
    response = http.respond({}, Invocation(world.services, world.clock.context()), lambda: {"items": page})
    assert LAMBDA_BYTES * 0.99 < as_lambda_sends_it(response) <= LAMBDA_BYTES
    assert [json.loads(item)["n"] for item in page] == list(range(len(page)))


def test_a_page_holds_at_least_one_item() -> None:
    assert len(answer.page([{"text": "x" * LAMBDA_BYTES}] * 2)) == 1


def test_refuses_what_would_be_too_large() -> None:
    part = answer.written(["x" * 1000] * 3000)
    answer.check(part, part)
    with pytest.raises(http.RequestError) as caught:
        answer.check(part, part, part)
    assert (caught.value.status, caught.value.code) == (413, "answer_too_large")
    assert caught.value.message == "the answer would be larger than 6 MB: send fewer readings in one request"


@given(st.lists(st.text() | st.integers(-(10**30), 10**30), max_size=5))
def test_what_is_written_once_is_the_same_json(values: list[Any]) -> None:
    assert exact_json.dumps({"items": answer.written(values)}) == exact_json.dumps({"items": values})


numbers = st.sampled_from(["1e37", "-1e-9", "1", "0.1", "1E+100", "9" * 38])
texts = st.text(st.sampled_from('é"\\\x01\U0001f321a/'), max_size=20).map(
    lambda text: json.dumps(text, ensure_ascii=False)
)
sensors = st.dictionaries(st.sampled_from(["temperature", "a", "b" * 64]), numbers, min_size=1)


@given(sensors, st.dictionaries(st.sampled_from(["c", "d"]), texts), st.text("é", max_size=100))
def test_what_is_small_is_no_larger_than_that(
    measured: dict[str, str], said: dict[str, str], event_id: str
) -> None:
    data = ",".join(f'"{name}":{value}' for name, value in (measured | said).items())
    named = f'"event_id":"{event_id}",' if event_id else ""
    body = f'{{"device_id":"d",{named}"sensor_data":{{{data}}}}}'
    item = items.processed(read(exact_json.loads(body), 1_700_000_000_000, 65536), 1_700_000_000_000)
    weight = as_lambda_sends_it(exact_json.dumps(item))
    # As many of these as an answer is said to hold in any case are no more than it holds.
    count = 1
    while answer.is_small(len(body) * count * 2, count * 2, has_facts=False):
        count *= 2
    assert weight * count <= answer.MOST_BYTES
