import io
import string
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from data_query.handler import query
from hypothesis import given
from hypothesis import strategies as st
from readings import http, instant, log, page_token, selection
from readings.services import Services

# A query string can hold anything, also halves of surrogate pairs.
anything = st.text(st.characters() | st.characters(categories=["Cs"]), max_size=40)
nearly = st.text(string.digits + "-:T .,+Z#e\ud800", max_size=40)
long = st.sampled_from(["0" * 5000, "9" * 5000, "2024-01-15T10:00:00Z#" + "é" * 2000])
values = st.none() | anything | nearly | long
queries = st.dictionaries(
    st.sampled_from(["device_id", "event_date", "from", "to", "table", "limit", "next"]) | anything, values
)


LOGGER = log.make(service="selection", stream=io.StringIO())


class Strict:
    """A table that refuses what DynamoDB refuses."""

    def query(self, **arguments: Any) -> dict[str, Any]:
        names = {name: value["S"] for name, value in arguments["ExpressionAttributeValues"].items()}
        assert all(len(name.encode()) <= 1024 for name in names.values())
        assert names[":low"] <= names[":high"]
        if start := arguments.get("ExclusiveStartKey"):
            [after] = (value["S"] for name, value in start.items() if name != "device_id")
            assert names[":low"] <= after <= names[":high"]
        return {"Items": []}


def ask(parameters: Any) -> int:
    """Give the status of the answer, in a container that knows its configuration."""

    class Parameters:
        def get_parameter(self, **_: Any) -> Any:
            return {"Parameter": {"Value": "{}"}}

    clients = {"dynamodb": Strict(), "ssm": Parameters()}
    environment = {"TABLE_PROCESSED_DATA": "p", "TABLE_RAW_SENSOR_DATA": "r", "PARAMETER_CONFIG": "c"}
    clock: Any = SimpleNamespace(now=lambda: 0, sleep=None, jitter=None)
    services = Services(environment, clients.__getitem__, clock, LOGGER)
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 20_000)
    event = {"httpMethod": "GET", "queryStringParameters": parameters}
    return int(query(event, context, services)["statusCode"])


@given(queries)
def test_any_query_string_is_answered_200_or_400(parameters: dict[str, str | None]) -> None:
    assert ask(parameters) in (200, 400)


@given(queries)
def test_any_query_of_a_device_is_answered_200_or_400(parameters: dict[str, str | None]) -> None:
    known = {name: text for name, text in parameters.items() if name in ("event_date", "from", "to", "next")}
    assert ask({**known, "device_id": "d"}) in (200, 400)


@given(st.text(max_size=2000))
def test_a_token_that_was_made_up_leads_nowhere_else(sort_key: str) -> None:
    selected = selection.select({"device_id": "d", "event_date": "2024-01-15"}, 10)
    if not selected.low <= sort_key <= selected.high:
        forged = replace(selected, token=page_token.make(selected, sort_key))
        with pytest.raises(http.RequestError):
            page_token.read(forged)


instants = st.datetimes(instant.EPOCH.replace(tzinfo=None)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)


@given(instants, st.sampled_from("Tt "), st.sampled_from(["", "Z", "z", "+00:00", "+01:30", "-0800", "+02"]))
def test_takes_the_instants_that_readings_have(at: Any, separator: str, zone: str) -> None:
    text = at.isoformat(separator, timespec="milliseconds") + zone
    try:
        milliseconds = instant.microseconds(text) // 1000
    except ValueError:
        return
    for written in (text, text[:11] + text[11:].replace("+", " ")):
        selected = selection.select({"device_id": "d", "event_date": written, "table": "raw"}, 10)
        assert (selected.low, selected.high) == (f"{milliseconds:015d}", f"{milliseconds:015d}$")
