"""CPU time of the handlers for a reading, and of boto3's own serialization of the two writes.

Measured with `time.process_time`, in rounds that take turns, on new readings each round; the least of the
rounds counts, which is the one that other work on the machine disturbed least. AWS is left out: its answers
are at hand (`canned`), so neither network, nor moto, nor waiting is in any figure. Containers are warm, and
readings are the ordinary ones: they name a time and cross no threshold.

- `ours`: the handlers' own code, from the event to the answer and the log line, with what they use of the
  standard library, fastjsonschema and Powertools, and with writing items in DynamoDB's JSON. Clients are
  replaced by what gives the answer at once.
- `total`: the same with real clients, so with botocore's part: serializing and signing requests, parsing
  answers. What it hands to urllib3 is not sent, and TLS is not in it.
- `types`: boto3's TypeSerializer on the two items of a reading, as `Table.batch_writer` calls it.
- `requests`: botocore's serializer on the BatchWriteItem requests with the two items, 25 to a request,
  without validation, which the handlers turn off too.

The bound is on `total` over `types + requests`, which is what boto3 does itself to serialize the two writes.
`ours` over `types` compares without botocore's part on either side, and is held to the same bound.
"""

import gc
import io
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from boto3.dynamodb.types import TypeSerializer
from botocore.serialize import create_serializer
from readings import exact_json, items, log, queue
from readings.reading import LARGEST_BYTES, read
from readings.services import CLIENT_CONFIG, Clock, Services
from readings.table import to_attributes

from tests.bench import workload
from tests.bench.account import SERVICES, make_client, read_specs
from tests.bench.canned import Answers
from tests.bench.deployment import ENDPOINTS, FUNCTIONS
from tests.bench.paths import BATCH, PATHS, READINGS
from tests.bench.workload import Reading
from tests.handlers.conftest import NOW, FakeClock, api_event, s3_event, sqs_event

_ROUNDS = 9
_SINGLES = 200  # readings of a round that go one at a time
_WRITE_BATCH = 25  # the most items of a BatchWriteItem
_RETENTION_DAYS = 400  # as in the reference specs, so that both write the same items
_BUCKET = "readings-test"
_ENVIRONMENT = {
    "TABLE_RAW_SENSOR_DATA": "raw-sensor-data-test",
    "TABLE_PROCESSED_DATA": "processed-data-test",
    "TABLE_SENSOR_EVENTS": "sensor-events-test",
    "QUEUE_IOT_INGESTION": "https://sqs.us-east-1.amazonaws.com/123456789012/iot-ingestion-test",
    "TOPIC_DEVICE_ALERTS": "arn:aws:sns:us-east-1:123456789012:device-alerts-test",
    "PARAMETER_CONFIG": "config-test",
}

Case = tuple[str, int]  # a path, and how many readings go at a time
Event = tuple[str, Mapping[str, Any]]  # the function that gets it, and the event


@dataclass(frozen=True)
class Measured:
    """Microseconds for a reading."""

    ours: Mapping[Case, float]
    total: Mapping[Case, float]
    types: float
    requests: float

    @property
    def serialization(self) -> float:
        """What boto3 itself takes to serialize the two writes."""
        return self.types + self.requests


Events = Callable[[Sequence[str]], Iterator[Event]]


def measure() -> Measured:
    """Take the measurements, which takes half a minute."""
    subjects = [Subject(path, size) for path in PATHS for size in (BATCH, 1)]
    baseline = Baseline()
    least: dict[Any, float] = {}
    gc.freeze()  # what the benchmark itself holds is no garbage to look for
    for number in range(_ROUNDS):
        readings = workload.ordinary(READINGS, number * READINGS)
        for name, microseconds in [
            *baseline.take(readings),
            *(t for s in subjects for t in s.take(readings)),
        ]:
            least[name] = min(microseconds, least.get(name, microseconds))
    gc.unfreeze()
    cases = [subject.case for subject in subjects]
    return Measured(
        ours={case: least["ours", case] for case in cases},
        total={case: least["total", case] for case in cases},
        types=least["types"],
        requests=least["requests"],
    )


def by_function() -> dict[str, list[float]]:
    """Microseconds of an invocation with one reading and with BATCH, for each handler and what calls it."""
    functions: dict[str, Events] = {
        "data_ingestion/endpoint": partial(_api_events, "/ingest"),
        "data_processor/endpoint": partial(_api_events, "/process"),
        "data_processor/queue": _queue_events,
        "data_query/endpoint": _query_events,
        "event_processor/bucket": _s3_events,
    }
    least: dict[Case, float] = {}
    subjects = [Subject(name, size, events) for name, events in functions.items() for size in (1, BATCH)]
    for number in range(_ROUNDS):
        readings = workload.ordinary(READINGS, number * READINGS)
        for subject in subjects:
            taken = dict(subject.take(readings))["total", subject.case]
            least[subject.case] = min(taken, least.get(subject.case, taken))
    return {name: [round(least[name, size] * size, 1) for size in (1, BATCH)] for name in functions}


class Subject:
    """The functions of one path, in two containers: with stand-ins for clients, and with real clients."""

    def __init__(self, path: str, size: int, events: Events | None = None) -> None:
        self.case = path, size
        self._events = events or _EVENTS[path]
        self._objects: dict[str, bytes] = {}
        # A page has one item more than was asked for, see data_query.
        pipeline, _ = read_specs()
        answers = Answers(pipeline.config, _page(size + 1), self._objects)
        real = {name: answers.to_http(make_client(name, config=CLIENT_CONFIG)) for name in SERVICES}
        self._clock = FakeClock()
        self._containers = {
            "ours": self._container(dict.fromkeys(real, answers)),
            "total": self._container(real),
        }

    def take(self, readings: Sequence[Reading]) -> Iterator[tuple[Any, float]]:
        """Measure one round."""
        _, size = self.case
        sent = readings if size > 1 else readings[:_SINGLES]
        bodies = list(workload.batches(sent, size))
        self._objects |= {f"readings/{number}.json": body.encode() for number, body in enumerate(bodies)}
        events = list(self._events(bodies))
        for kind, container in self._containers.items():
            yield (kind, self.case), _microseconds(partial(self._handle, events, container)) / len(sent)

    def _handle(self, events: Sequence[Event], container: Services) -> None:
        for function, event in events:
            answer = FUNCTIONS[function](event, self._clock.context(), container)
            failed = answer.get("batchItemFailures") or answer.get("errors")
            if failed or answer.get("statusCode", 200) != 200:
                raise RuntimeError(f"{function} gave {answer}")

    def _container(self, clients: Mapping[str, Any]) -> Services:
        """One for all functions of the path: what they keep between events does not differ."""
        clock = Clock(self._clock.now, self._clock.sleep, lambda: 1.0)
        logger = log.make(service=f"cpu-{id(self)}", stream=io.StringIO())
        return Services(_ENVIRONMENT, clients.__getitem__, clock, logger)


class Baseline:
    """What boto3 does with the two items of a reading."""

    def __init__(self) -> None:
        model = make_client("dynamodb").meta.service_model
        self._operation = model.operation_model("BatchWriteItem")
        self._serializer = create_serializer(model.resolved_protocol, include_validation=False)

    def take(self, readings: Sequence[Reading]) -> Iterator[tuple[str, float]]:
        """Measure one round."""
        tables = [list(table) for table in zip(*map(_two_items, readings), strict=True)]
        yield "types", _microseconds(partial(self._serialize, tables)) / len(readings)
        parameters = [
            {"RequestItems": {"table": [{"PutRequest": {"Item": to_attributes(item)}} for item in batch]}}
            for table in tables
            for batch in in_parts(table, _WRITE_BATCH)
        ]
        yield "requests", _microseconds(partial(self._request, parameters)) / len(readings)

    def _serialize(self, tables: Sequence[Sequence[Mapping[str, Any]]]) -> None:
        serialize = TypeSerializer().serialize
        for table in tables:
            for item in table:
                for value in item.values():
                    serialize(value)

    def _request(self, parameters: Sequence[Mapping[str, Any]]) -> None:
        for each in parameters:
            self._serializer.serialize_to_request(each, self._operation)


def _microseconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1e6


def _two_items(reading: Reading) -> tuple[dict[str, Any], dict[str, Any]]:
    accepted = read(exact_json.loads(json.dumps(reading)), NOW, LARGEST_BYTES)
    return items.raw(accepted, _RETENTION_DAYS), items.processed(accepted, NOW, None, _RETENTION_DAYS)


def _page(number: int) -> list[dict[str, Any]]:
    return [to_attributes(_two_items(reading)[1]) for reading in workload.of_one_device(number)]


def _ingest_events(bodies: Sequence[str]) -> Iterator[Event]:
    yield from _api_events("/ingest", bodies)
    pipeline, _ = read_specs()
    for batch in in_parts([message(body) for body in bodies], pipeline.batch_size("data-processor")):
        yield "data-processor", sqs_event(*batch)


def _queue_events(bodies: Sequence[str]) -> Iterator[Event]:
    for body in bodies:
        yield "data-processor", sqs_event(message(body))


def message(body: str) -> str:
    """Give what ingestion makes of a request."""
    document = exact_json.loads(body)
    documents = document.get("readings", [document])
    [message] = queue.pack(read(document, NOW, LARGEST_BYTES) for document in documents)
    return message.body


def _api_events(path: str, bodies: Sequence[str]) -> Iterator[Event]:
    for body in bodies:
        yield ENDPOINTS[path], api_event("POST", path, body)


def _query_events(bodies: Sequence[str]) -> Iterator[Event]:
    for body in bodies:
        size = len(json.loads(body).get("readings", "1"))
        parameters = {"device_id": "device-000", "limit": str(size)}
        yield "data-query", api_event("GET", "/query", None) | {"queryStringParameters": parameters}


def _s3_events(bodies: Sequence[str]) -> Iterator[Event]:
    for number, body in enumerate(bodies):
        yield "event-processor", s3_event(_BUCKET, f"readings/{number}.json", len(body), "0" * 32)


def in_parts(entries: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Give entries in parts of so many."""
    for at in range(0, len(entries), size):
        yield entries[at : at + size]


_EVENTS: dict[str, Callable[[Sequence[str]], Iterator[Event]]] = {
    "/ingest": _ingest_events,
    "/process": partial(_api_events, "/process"),
    "/query": _query_events,
    "S3": _s3_events,
}
