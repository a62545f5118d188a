"""Both pipelines at work on moto, with one container for each function, and a meter on all of it.

Each container has its own configuration and its own memory of alerts, as on AWS, and starts empty.
"""

import io
import itertools
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from data_ingestion.handler import ingest
from data_processor.handler import process
from data_query.handler import query
from event_processor.handler import process as process_objects
from readings import log
from readings.services import CLIENT_CONFIG, Clock, Services

from tests.bench.account import SERVICES, create, make_client, read_specs
from tests.bench.meter import Meter, Usage
from tests.handlers.conftest import FakeClock, api_event, s3_event, sqs_event

FUNCTIONS: dict[str, Callable[[Any, Any, Services], Any]] = {
    "data-ingestion": ingest,
    "data-processor": process,
    "data-query": query,
    "event-processor": process_objects,
}
ENDPOINTS = {"/ingest": "data-ingestion", "/process": "data-processor", "/query": "data-query"}

# A line of the API's access log, in the form of iotgen/render, with ids of the usual length.
ACCESS_LOG_BYTES = 400
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
LOG_EVENT_BYTES = 26
_POLL_MESSAGES = 10  # the most that SQS gives at a time
_NUMBERS = itertools.count()
_BY_TABLE = {"writes", "reads", "rows", "row_bytes", "puts", "queries", "read_rows"}


class Deployment:
    """What there is on AWS, and who calls it: devices, the API, and the poller of the queue."""

    def __init__(self, level: str = "INFO") -> None:
        """Set both up; the functions log what is of `level` or above."""
        self._level = level
        self._clock = FakeClock()
        self._meter = Meter()
        self._delivered = 0
        pipeline, s3_events = read_specs()
        self.batch_size = pipeline.batch_size("data-processor")
        self._suffix = f"bench-{next(_NUMBERS)}"
        self._clients = {name: make_client(name) for name in SERVICES}
        environments = dict.fromkeys(ENDPOINTS.values(), create(pipeline, self._clients, self._suffix))
        environments["event-processor"] = create(s3_events, self._clients, self._suffix)
        self._queue = environments["data-processor"]["QUEUE_IOT_INGESTION"]
        self._bucket = environments["event-processor"]["BUCKET_SENSOR_READINGS"]
        self._logs = {function: io.StringIO() for function in FUNCTIONS}
        self._containers = {name: self._container(name, environments[name]) for name in FUNCTIONS}
        for client in self._clients.values():
            self._meter.watch(client)

    @property
    def usage(self) -> Usage:
        """What was used so far, or since `reset`, with tables by their keys in the specs."""
        usage = self._meter.usage
        by_table: dict[str, Any] = {name: self._by_key(getattr(usage, name)) for name in _BY_TABLE}
        return replace(usage, **by_table)

    def metrics(self, function: str) -> set[str]:
        """Give the names of the metrics that a function published, in CloudWatch's embedded metric format."""
        lines = map(json.loads, self._logs[function].getvalue().splitlines())
        return {
            metric["Name"]
            for line in lines
            for group in line.get("_aws", {}).get("CloudWatchMetrics", ())
            for metric in group["Metrics"]
        }

    def reset(self) -> None:
        """Begin to count anew, when all messages are delivered."""
        self._meter.usage = Usage()
        self._delivered = 0

    def call(self, method: str, path: str, body: str | None = None, **parameters: str) -> dict[str, Any]:
        """Call an endpoint of the API; give the answer's body. RuntimeError when it is not 200."""
        event = api_event(method, path, body) | {"queryStringParameters": parameters or None}
        self._meter.usage.api_requests += 1
        self._meter.usage.log_bytes += ACCESS_LOG_BYTES + LOG_EVENT_BYTES
        answer = self._invoke(ENDPOINTS[path], event)
        if answer["statusCode"] != 200:
            raise RuntimeError(f"{path} answered {answer['statusCode']}: {answer['body']}")
        self._meter.usage.response_bytes += len(answer["body"].encode())
        found: dict[str, Any] = json.loads(answer["body"])
        return found

    def deliver(self) -> None:
        """Hand the messages that wait to the processor, in batches as full as the spec allows.

        SQS gives at most ten at a time, also to Lambda's poller, and is asked no more often than that takes.
        """
        while waiting := self._meter.usage.messages - self._delivered:
            size = min(waiting, self.batch_size)
            batch: list[Mapping[str, Any]] = []
            while len(batch) < size:
                batch += self._clients["sqs"].receive_message(
                    QueueUrl=self._queue, MaxNumberOfMessages=_POLL_MESSAGES
                )["Messages"]
            self._consume(batch)
            self._delivered += len(batch)

    def process(self, bodies: Sequence[str]) -> None:
        """Hand messages to the processor, as if a poller had received them."""
        answer = self._invoke("data-processor", sqs_event(*bodies))
        if answer["batchItemFailures"]:
            raise RuntimeError(f"the processor failed {len(answer['batchItemFailures'])} messages")

    def put_object(self, key: str, content: bytes) -> None:
        """Put an object into the bucket, whose notification calls the function."""
        put = self._clients["s3"].put_object(Bucket=self._bucket, Key=key, Body=content)
        event = s3_event(self._bucket, key, len(content), put["ETag"].strip('"'))
        event["Records"][0]["s3"]["object"]["versionId"] = put["VersionId"]
        self._invoke("event-processor", event)

    def _by_key(self, units: Counter[str]) -> Counter[str]:
        return Counter({name.removesuffix(f"-{self._suffix}"): count for name, count in units.items()})

    def _consume(self, batch: Sequence[Mapping[str, Any]]) -> None:
        self.process([message["Body"] for message in batch])
        for at in range(0, len(batch), _POLL_MESSAGES):
            done = [
                {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
                for number, message in enumerate(batch[at : at + _POLL_MESSAGES])
            ]
            self._clients["sqs"].delete_message_batch(QueueUrl=self._queue, Entries=done)

    def _invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        log = self._logs[function]
        before = log.tell()
        answer = FUNCTIONS[function](event, self._clock.context(), self._containers[function])
        written = log.getvalue()[before:]
        self._meter.usage.invocations += 1
        self._meter.usage.log_bytes += len(written.encode()) + LOG_EVENT_BYTES * written.count("\n")
        return answer

    def _container(self, function: str, environment: Mapping[str, str]) -> Services:
        @cache
        def client(name: str) -> Any:
            made = make_client(name, config=CLIENT_CONFIG)
            self._meter.watch(made, function)
            return made

        logger = log.make(
            service=f"{function}-{next(_NUMBERS)}", stream=self._logs[function], level=self._level
        )
        clock = Clock(self._clock.now, self._clock.sleep, lambda: 1.0)
        return Services(environment, client, clock, logger)
