"""A small AWS of moto's for the handlers, with a clock that stands still until someone sleeps."""

import io
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from data_ingestion.handler import ingest
from data_processor.handler import process
from data_query.handler import query
from event_processor.handler import process as process_objects
from moto import mock_aws
from readings.log import make as make_logger
from readings.services import Clock, Services
from readings.table import from_attributes

NOW = 1_700_000_100_000
REGION = "us-east-1"
EVENTS = Path(__file__).parent / "events"
_NUMBERS = itertools.count()


_RAW = "TABLE_RAW_SENSOR_DATA"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What calls an emulated AWS is no unit test."""
    for item in items:
        if "clients" in getattr(item, "fixturenames", ()):
            item.add_marker("system")


@dataclass
class FakeClock:
    """Time that passes only while someone sleeps."""

    time: float = NOW
    slept: list[float] = field(default_factory=list)

    def now(self) -> int:
        return int(self.time)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds * 1000

    def pass_seconds(self, seconds: float) -> None:
        self.time += seconds * 1000

    def context(self, seconds: float = 20) -> Any:
        end = self.time + seconds * 1000
        return SimpleNamespace(
            get_remaining_time_in_millis=lambda: max(0, int(end - self.time)), aws_request_id="request-1"
        )


@dataclass
class World:
    """The services of one test, the clients to look at them with, and the handlers to call."""

    clients: dict[str, Any]
    environment: dict[str, str]
    clock: FakeClock
    log: io.StringIO
    services: Services

    def with_client(self, name: str, client: Any) -> "World":
        """Give the same world with another client for a service, in a new container."""
        clients = {**self.clients, name: client}
        services = Services(self.environment, clients.__getitem__, self.services.clock, self.services.logger)
        return World(self.clients, self.environment, self.clock, self.log, services)

    def with_faults(self, calls: list[str] | None = None, **faults: str) -> "World":
        """Give the same world in a new container where the calls named, such as `call_2`, fail.

        `calls` collects the names of the calls, and may hold earlier ones, which count.
        """
        numbered = {int(name.removeprefix("call_")): fault for name, fault in faults.items()}
        calls = [] if calls is None else calls
        faulty = {name: Faulty(client, numbered, calls) for name, client in self.clients.items()}
        services = Services(self.environment, faulty.__getitem__, self.services.clock, self.services.logger)
        return World(faulty, self.environment, self.clock, self.log, services)

    def restarted(self) -> "World":
        """Give the same world in a new container."""
        return self.with_client("none", None)

    def configure(self, **config: Any) -> "World":
        """Set the configuration and start a new container."""
        name = self.environment["PARAMETER_CONFIG"]
        self.clients["ssm"].put_parameter(Name=name, Value=json.dumps(config), Type="String", Overwrite=True)
        return self.restarted()

    def ingest(self, body: Any, seconds: float = 20) -> SimpleNamespace:
        return self._call(ingest, api_event("POST", "/ingest", body), seconds)

    def process(self, body: Any, seconds: float = 20) -> SimpleNamespace:
        return self._call(process, api_event("POST", "/process", body), seconds)

    def query(self, **parameters: str) -> SimpleNamespace:
        event = api_event("GET", "/query", None)
        event["queryStringParameters"] = {name.rstrip("_"): text for name, text in parameters.items()} or None
        return self._call(query, event, 20)

    def _call(
        self, function: Callable[..., Any], event: Mapping[str, Any], seconds: float
    ) -> SimpleNamespace:
        response = function(event, self.clock.context(seconds), self.services)
        assert response["headers"]["Content-Type"] == "application/json"
        return SimpleNamespace(
            status=response["statusCode"],
            headers=response["headers"],
            text=response["body"],
            body=json.loads(response["body"]),
        )

    def consume(self, *bodies: str, seconds: float = 20) -> list[str]:
        """Hand bodies to the processor as messages `m-0`, `m-1`...; give the ids that failed."""
        return self._consumed(self.behind, bodies, seconds)

    def consume_first(self, *bodies: str, seconds: float = 20) -> list[str]:
        """The same, where no ingestion is before the processor, which has the table of raw readings."""
        return self._consumed(self.services, bodies, seconds)

    @cached_property
    def behind(self) -> Services:
        """The services of the processor behind ingestion."""
        environment = {name: value for name, value in self.environment.items() if name != _RAW}
        return replace(self.services, environment=environment)

    def _consumed(self, services: Services, bodies: tuple[str, ...], seconds: float) -> list[str]:
        answer = process(sqs_event(*bodies), self.clock.context(seconds), services)
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    def drain(self, queue: str = "QUEUE_IOT_INGESTION") -> list[dict[str, Any]]:
        """Take all messages out of a queue."""
        url, taken = self.environment[queue], []
        while (
            found := self.clients["sqs"]
            .receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
            .get("Messages")
        ):
            taken += found
            for message in found:
                self.clients["sqs"].delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return taken

    def deliver(self) -> list[str]:
        """Let the processor have what is in the queue; give the ids that failed."""
        return self.consume(*(message["Body"] for message in self.drain()))

    def dead_letters(self) -> list[dict[str, Any]]:
        return self.drain("DEAD_LETTER_QUEUE_IOT_INGESTION")

    def notifications(self) -> list[dict[str, Any]]:
        """Take what the topic has sent."""
        return [json.loads(message["Body"]) for message in self.drain("ALERT_QUEUE")]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Read a table, but for the handlers' own state."""
        return [row for row in self.all_rows(table) if "#" not in row["device_id"]]

    def all_rows(self, table: str) -> list[dict[str, Any]]:
        found = self.clients["dynamodb"].scan(TableName=self.environment[f"TABLE_{table}"])["Items"]
        return [from_attributes(item) for item in found]

    def put_object(self, key: str, content: bytes) -> dict[str, Any]:
        """Put an object into the bucket; give its notification."""
        bucket = self.environment["BUCKET_SENSOR_READINGS"]
        etag = self.clients["s3"].put_object(Bucket=bucket, Key=key, Body=content)["ETag"]
        return s3_event(bucket, key, len(content), etag.strip('"'))

    def process_objects(self, event: Mapping[str, Any], seconds: float = 60) -> Mapping[str, int]:
        return process_objects(event, self.clock.context(seconds), self.services)

    def rejected_objects(self) -> dict[str, list[dict[str, Any]]]:
        """Read what was put aside: key -> lines."""
        bucket = self.environment["BUCKET_SENSOR_READINGS"]
        listed = self.clients["s3"].list_objects_v2(Bucket=bucket, Prefix="rejected/").get("Contents", [])
        contents = {
            entry["Key"]: self.clients["s3"].get_object(Bucket=bucket, Key=entry["Key"])["Body"].read()
            for entry in listed
        }
        return {key: [json.loads(line) for line in text.splitlines()] for key, text in contents.items()}

    def log_lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.getvalue().splitlines()]


class Crash(BaseException):
    """The function's process ends here: no handler catches it."""


@dataclass
class Faulty:
    """A client whose calls fail as told: call number -> the fault, numbered over all clients that share it.

    `throttle` is refused; `lost` is done, but the answer does not arrive; `part` is done for one entry only,
    and refused for the others; `crash` and `done, crash` end the process before and after the call.
    """

    client: Any
    faults: dict[int, str]
    calls: list[str]

    def __getattr__(self, name: str) -> Any:
        return lambda **arguments: self._call(name, arguments)

    def _call(self, name: str, arguments: dict[str, Any]) -> Any:
        fault = self.faults.get(len(self.calls))
        self.calls.append(name)
        if fault == "crash":
            raise Crash
        if fault == "throttle":
            raise client_error("ThrottlingException", name)
        if fault == "part" and name in _PARTS:
            return self._part(name, arguments)
        answer = getattr(self.client, name)(**arguments)
        if fault == "lost":
            raise ReadTimeoutError(endpoint_url="https://aws.example")
        if fault == "done, crash":
            raise Crash
        return answer

    def _part(self, name: str, arguments: dict[str, Any]) -> Any:
        if name == "send_message_batch":
            first, *rest = arguments["Entries"]
            self.client.send_message_batch(**{**arguments, "Entries": [first]})
            failed = [{"Id": entry["Id"], "SenderFault": False, "Code": "InternalError"} for entry in rest]
            return {"Successful": [{"Id": first["Id"]}], "Failed": failed}
        [(table, (first, *rest))] = arguments["RequestItems"].items()
        self.client.batch_write_item(RequestItems={table: [first]})
        return {"UnprocessedItems": {table: rest} if rest else {}}


_PARTS = ("batch_write_item", "send_message_batch")


def client_error(code: str, operation: str = "Operation", status: int = 400) -> ClientError:
    metadata: Any = {"HTTPStatusCode": status}
    return ClientError(
        {"Error": {"Code": code, "Message": "as told"}, "ResponseMetadata": metadata}, operation
    )


def api_event(method: str, path: str, body: Any) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / "api_proxy.json").read_text())
    text = body if body is None or isinstance(body, str) else json.dumps(body)
    return {**event, "httpMethod": method, "path": path, "resource": path, "body": text}


def sqs_event(*bodies: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / "sqs.json").read_text())
    [record] = event["Records"]
    return {"Records": [{**record, "messageId": f"m-{n}", "body": body} for n, body in enumerate(bodies)]}


def s3_event(bucket: str, key: str, size: int, etag: str) -> dict[str, Any]:
    from urllib.parse import quote_plus

    event: dict[str, Any] = json.loads((EVENTS / "s3_object_created.json").read_text())
    s3 = event["Records"][0]["s3"]
    s3["bucket"]["name"] = bucket
    s3["object"] |= {"key": quote_plus(key, safe="/"), "size": size, "eTag": etag}
    return event


@pytest.fixture(scope="session")
def clients() -> Iterator[dict[str, Any]]:
    with mock_aws():
        session = boto3.Session("test", "test", region_name=REGION)
        names: tuple[Any, ...] = ("dynamodb", "sqs", "sns", "ssm", "s3")
        yield {name: session.client(name) for name in names}


@pytest.fixture(scope="session")
def make_world(clients: dict[str, Any]) -> Callable[[], World]:
    return lambda: _world(clients)


@pytest.fixture
def world(make_world: Callable[[], World]) -> World:
    return make_world()


def _world(clients: dict[str, Any]) -> World:
    suffix = f"test-{next(_NUMBERS)}"
    clock, log = FakeClock(), io.StringIO()
    environment = {
        **{f"TABLE_{key}": _table(clients, key, suffix) for key in _SORT_KEYS},
        **{
            variable: clients["sqs"].create_queue(QueueName=f"{name}-{suffix}")["QueueUrl"]
            for variable, name in _QUEUES.items()
        },
        "PARAMETER_CONFIG": f"/iot/config-{suffix}",
        "PARAMETER_API_KEY": f"/iot/api-key-{suffix}",
        "BUCKET_SENSOR_READINGS": f"sensor-readings-{suffix}",
        "POWERTOOLS_SERVICE_NAME": "service-under-test",
        "POWERTOOLS_METRICS_NAMESPACE": "iot-pipeline-test",
    }
    topic = clients["sns"].create_topic(Name=f"alerts-{suffix}")["TopicArn"]
    environment["TOPIC_DEVICE_ALERTS"] = topic
    clients["sns"].subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=f"arn:aws:sqs:{REGION}:123456789012:alerts-{suffix}",
        Attributes={"RawMessageDelivery": "true"},
    )
    clients["s3"].create_bucket(Bucket=environment["BUCKET_SENSOR_READINGS"])
    clients["ssm"].put_parameter(Name=environment["PARAMETER_API_KEY"], Value="unset", Type="SecureString")
    services = Services(
        environment,
        clients.__getitem__,
        Clock(clock.now, clock.sleep, lambda: 1.0),
        make_logger(service=suffix, stream=log),
    )
    return World(clients, environment, clock, log, services).configure(
        thresholds={"temperature": {"max": 80, "min": -40}}
    )


@pytest.fixture(scope="session")
def crash() -> type[Crash]:
    return Crash


@pytest.fixture
def error() -> Callable[..., ClientError]:
    return client_error


@pytest.fixture
def load_event() -> Callable[[str], Any]:
    return lambda name: json.loads((EVENTS / name).read_text())


_QUEUES = {
    "QUEUE_IOT_INGESTION": "iot-ingestion",
    "DEAD_LETTER_QUEUE_IOT_INGESTION": "iot-ingestion-dlq",
    "ALERT_QUEUE": "alerts",
}
_SORT_KEYS = {"RAW_SENSOR_DATA": "timestamp", "PROCESSED_DATA": "event_date", "SENSOR_EVENTS": "timestamp"}


def _table(clients: dict[str, Any], key: str, suffix: str) -> str:
    name = f"{key.lower()}-{suffix}"
    keys = {"HASH": "device_id", "RANGE": _SORT_KEYS[key]}
    clients["dynamodb"].create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": attribute, "KeyType": kind} for kind, attribute in keys.items()],
        AttributeDefinitions=[
            {"AttributeName": attribute, "AttributeType": "S"} for attribute in keys.values()
        ],
    )
    return name
