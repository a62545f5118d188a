import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings import answer, exact_json, http
from readings.invocation import Invocation

LAMBDA_BYTES = 6_291_556


def as_lambda_sends_it(response: Any) -> int:
    """Count the bytes of a returned value, as the runtime writes it."""
    return len(json.dumps(response).encode())


@pytest.mark.parametrize("text", ["x", "é", "\U0001f321", '"', "\\", "\x01", "\n", "/"])
def test_a_page_fits_into_what_lambda_takes(world: Any, text: str) -> None:
    items = [{"n": n, "text": text * 1000} for n in range(9000)]
    page = answer.page(items)
    assert 0 < len(page) < len(items)
    response = http.respond(Invocation(world.services, world.clock.context()), lambda: {"items": page})
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
