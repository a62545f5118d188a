"""What happened to a reading, told from logs, tables and dead-letter queues."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from iotgen.build import check
from iotgen.errors import RemoteError
from iotgen.model.pipeline import Pipeline
from iotgen.operate.dlq.letter import DeadLetter
from iotgen.operate.logs.pages import Pace, Reader, Window
from iotgen.operate.logs.wanted import no_pattern
from iotgen.operate.trace import forms
from iotgen.operate.trace.data import Trace
from iotgen.operate.trace.dead import carried
from iotgen.operate.trace.mentions import Ids
from iotgen.operate.trace.trace import Where, traces
from tests.operate.dlq.memory_queue import NOW_MS, refusal
from tests.operate.logs.fakes import Logs, event

REPO = Path(__file__).parents[3]
API, INGESTION, PROCESSOR = (
    "/aws/apigateway/iot-api-dev",
    "/aws/lambda/data-ingestion-dev",
    "/aws/lambda/data-processor-dev",
)


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    checked = check(REPO / "specs/pipeline.yaml", "dev")
    assert checked.pipeline
    return checked.pipeline


@dataclass
class Tables:
    """DynamoDB as far as it is asked: queries by partition key."""

    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    queries: list[str] = field(default_factory=list)
    refuses: str = ""

    def query(self, **given: Any) -> dict[str, Any]:
        self.queries.append(given["TableName"])
        if self.refuses:
            raise refusal(self.refuses)
        device = given["ExpressionAttributeValues"][":device"]
        there = self.rows.get(given["TableName"], ())
        return {"Items": [row for row in there if row["device_id"] == device]}


@dataclass(frozen=True)
class World:
    pipeline: Pipeline
    logs: Logs
    tables: Tables

    def trace(self, id: str, device: str | None = None) -> Trace:
        def client(service: str) -> Any:
            return self.tables if service == "dynamodb" else Queues()

        where = Where(
            pipeline=self.pipeline,
            clients=client,
            readers=lambda _: Reader(
                self.logs, no_pattern, lambda _: None, Pace(lambda: 0.0, lambda _: None)
            ),
            window=Window(NOW_MS - 3_600_000, NOW_MS + 60_000),
            dead_letters=(),
            device=device,
        )
        [found] = traces(where, [id])
        return found


class Queues:
    """SQS with empty queues."""

    def get_queue_url(self, **given: Any) -> Any:
        return {"QueueUrl": given["QueueName"]}

    def get_queue_attributes(self, **_: Any) -> Any:
        return {"Attributes": {}}


def line(**fields: Any) -> str:
    return json.dumps({"level": "INFO", "message": "invocation", **fields})


def arrived(*, counts: Mapping[str, int], **fields: Any) -> list[dict[str, Any]]:
    own = {"request_id": "r-1", "api_request_id": "a-1", "duration_ms": 40, "counts": counts, **fields}
    return [event(NOW_MS + 50, line(**own))]


def row(sort: str, **attributes: Any) -> dict[str, Any]:
    return {"device_id": {"S": "d-1"}, sort: {"S": "t#e-1"}, "event_id": {"S": "e-1"}, **attributes}


def world(pipeline: Pipeline, logs: Mapping[str, list[dict[str, Any]]], **rows: Any) -> World:
    names = (API, INGESTION, PROCESSOR, "/aws/lambda/data-query-dev")
    groups: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    return World(pipeline, Logs({**groups, **logs}), Tables(rows))


ACCESS = json.dumps(
    {
        "requestId": "a-1",
        "time": str(NOW_MS),
        "latency": "60",
        "status": "200",
        "method": "POST",
        "path": "/ingest",
    }
)


@pytest.fixture
def stored(pipeline: Pipeline) -> World:
    processed = line(readings={"d-1": ["e-1"]}, duration_ms=100, request_id="r-2", counts={"processed": 1})
    made = world(
        pipeline,
        {
            API: [event(NOW_MS + 60, ACCESS)],
            INGESTION: arrived(counts={"accepted": 1}, readings={"d-1": ["e-1"]}),
            PROCESSOR: [event(NOW_MS + 5_200, processed)],
        },
    )
    made.tables.rows = {
        "raw-sensor-data-dev": [row("timestamp", received_at={"N": str(NOW_MS + 20)})],
        "processed-data-dev": [row("event_date", processed_at={"S": "2023-11-14T22:13:25.100Z"})],
    }
    return made


def test_a_reading_is_followed_from_the_api_to_the_tables(stored: World) -> None:
    found = stored.trace("e-1")
    assert [(step.who, str(step.outcome)) for step in found.steps] == [
        ("iot-api", "passed"),
        ("data-ingestion", "passed"),
        ("iot-ingestion", "waited"),
        ("raw-sensor-data", "stored"),
        ("data-processor", "passed"),
        ("processed-data", "stored"),
    ]
    assert found.devices == ("d-1",)
    assert found.verdict == "stored in raw-sensor-data and processed-data"
    assert found.unseen == ()


def test_a_reading_that_came_by_a_rule_is_followed_from_its_queue_on() -> None:
    checked = check(REPO / "specs/mqtt.yaml", "dev")
    assert checked.pipeline
    processed = line(readings={"d-1": ["e-1"]}, request_id="r-2", counts={"processed": 1})
    logs = {
        PROCESSOR: [event(NOW_MS, processed)],
        "/aws/apigateway/iot-mqtt-api-dev": [],
    }
    made = world(checked.pipeline, logs)
    made.tables.rows = {"processed-data-dev": [row("event_date")]}
    found = made.trace("e-1")
    assert [(step.who, str(step.outcome)) for step in found.steps] == [
        ("data-processor", "passed"),
        ("processed-data", "stored"),
    ]
    assert found.unseen == ("telemetry: a rule of AWS IoT logs nothing, so this begins at iot-ingestion",)


def test_a_dead_letter_of_a_rule_carries_the_message_that_it_reports() -> None:
    message = b64encode(json.dumps({"event_id": "e-1", "sensor_data": {}}).encode()).decode()
    report = {"topic": "dt/d-1/telemetry", "base64OriginalPayload": message, "failures": []}
    letter = DeadLetter("m-1", "r-1", json.dumps(report), "", {}, {})
    assert carried(letter, Ids(frozenset({"e-1", "e-2"}))) == {"e-1"}


def test_each_step_has_its_time_and_where_to_find_it(stored: World) -> None:
    shown = forms.as_object(stored.trace("e-1"))
    steps = {step["who"]: step for step in shown["steps"]}
    assert steps["iot-api"]["ms"] == 0
    assert steps["iot-api"]["duration_ms"] == 60
    assert steps["data-ingestion"]["where"] == {"request": "r-1"}
    assert steps["iot-ingestion"]["duration_ms"] == 5_100 - 50
    assert steps["processed-data"]["where"] == {"device_id": "d-1", "event_date": "t#e-1"}


def test_the_trace_fits_on_a_screen(stored: World) -> None:
    shown = list(forms.lines(stored.trace("e-1"), 80))
    assert len(shown) < 24
    assert max(map(len, shown)) <= 80
    assert shown[0].startswith("e-1 of d-1  2023-11-14T22:13:20.000Z")
    assert shown[-1] == "stored in raw-sensor-data and processed-data"


def test_tables_are_queried_once_each_and_never_scanned(stored: World) -> None:
    stored.trace("e-1")
    assert sorted(stored.tables.queries) == ["processed-data-dev", "raw-sensor-data-dev"]


def test_an_id_is_not_taken_for_a_longer_one(stored: World) -> None:
    found = stored.trace("e-10")
    assert found.steps == ()
    assert found.verdict == "never arrived: no log line, row or dead letter names it"


def test_a_longer_id_does_not_hold_a_shorter_one(pipeline: Pipeline) -> None:
    longer = line(readings={"d-1": ["e-10"]}, message="took e-10 and the-e-1", counts={"accepted": 1})
    found = world(pipeline, {INGESTION: [event(NOW_MS, longer)]}).trace("e-1")
    assert found.steps == ()


def test_what_has_not_been_taken_from_the_queue_waits_there(pipeline: Pipeline) -> None:
    found = world(pipeline, {INGESTION: arrived(counts={"accepted": 1}, readings={"d-1": ["e-1"]})}).trace(
        "e-1"
    )
    assert found.verdict.startswith("waiting in iot-ingestion")


def test_a_rejected_reading_is_nowhere(pipeline: Pipeline) -> None:
    refused = arrived(counts={"rejected": 1}, rejected_readings={"d-1": ["e-1"]}, refused="invalid_reading")
    found = world(pipeline, {INGESTION: refused}).trace("e-1")
    assert [step.what for step in found.steps] == ["rejected: invalid_reading"]
    assert found.verdict == "rejected by data-ingestion: nothing is stored"


def test_without_a_log_line_the_device_still_finds_the_rows(stored: World) -> None:
    stored.logs.events.update({API: [], INGESTION: [], PROCESSOR: []})
    assert (
        "tables: no log line names its device, which is their key; `--device` does"
        in stored.trace("e-1").unseen
    )
    assert stored.trace("e-1", device="d-1").verdict == "stored in raw-sensor-data and processed-data"


def test_a_log_group_that_is_missing_is_named(stored: World) -> None:
    del stored.logs.events[PROCESSOR]
    assert f"data-processor: it has no log group, {PROCESSOR}" in stored.trace("e-1").unseen


def test_what_aws_refuses_is_an_error_that_says_what_for(stored: World) -> None:
    stored.tables.refuses = "AccessDeniedException"
    with pytest.raises(RemoteError, match="raw-sensor-data"):
        stored.trace("e-1")
