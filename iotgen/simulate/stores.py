"""Reads the results of a run: rows, dead letters, and rejected content in the bucket."""

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from iotgen.simulate import bucket, mqtt
from iotgen.simulate.account import Found
from iotgen.simulate.clients import Clients, explaining
from iotgen.simulate.fleet import SENSORS, Fleet
from iotgen.simulate.places import Places, Table, To
from iotgen.simulate.tally import Row, tally

_READERS = 8
# The visibility timeout of a received dead letter.
_HIDDEN_SECONDS = 20
_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


@dataclass
class Stores:
    """The stores of a deployment, for one run.

    Dead letters are not deleted; those received are remembered, since they are invisible for a while.
    """

    clients: Clients
    places: Places
    fleet: Fleet
    _dead: set[int] = field(default_factory=set, init=False)

    def waiting(self) -> int | None:
        """The number of messages still in the queues; None if there is no queue."""
        if self.places.to is To.BUCKET or not self.places.queues:
            return None
        with explaining("reading the queue's attributes", "sqs:GetQueueAttributes on the queues"):
            return sum(self._messages(url) for url in self.places.queues)

    def found(self) -> Found:
        """The readings of the run in all stores."""
        with explaining("reading the tables", "dynamodb:Query on the tables"):
            tables = {table.key: tally(self.fleet, self._rows(table)) for table in self.places.tables}
        with explaining("reading the dead-letter queues", "sqs:ReceiveMessage on the dead-letter queues"):
            for url in self.places.dead_letter_queues:
                for text in self._dead_letters(url):
                    self._dead.update(dead_readings(text, self.fleet))
        late = {table.key for table in self.places.tables if table.late}
        return Found(tables, late, frozenset(self._dead), self._rejected())

    def _messages(self, url: str) -> int:
        answer = self.clients("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=list(_COUNTS))
        return sum(int(answer.get("Attributes", {}).get(name, 0)) for name in _COUNTS)

    def _rows(self, table: Table) -> Iterator[Row]:
        """The rows of all devices, with a few queries at a time."""
        with ThreadPoolExecutor(_READERS) as pool:
            devices = self.fleet.devices
            for start in range(0, len(devices), _READERS):
                read: Callable[[str], list[Row]] = lambda device: self._rows_of(table, device)  # noqa: E731
                for rows in pool.map(read, devices[start : start + _READERS]):
                    yield from rows

    def _rows_of(self, table: Table, device: str) -> list[Row]:
        rows: list[Row] = []
        more: dict[str, Any] = {}
        while True:
            page = self.clients("dynamodb").query(
                TableName=table.name,
                KeyConditionExpression="#device = :device",
                ExpressionAttributeNames={"#device": table.partition_key},
                ExpressionAttributeValues={":device": {"S": device}},
                ConsistentRead=True,
                **more,
            )
            rows += [row(item, table) for item in page["Items"]]
            if not page.get("LastEvaluatedKey"):
                return rows
            more = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def _dead_letters(self, url: str) -> Iterator[str]:
        """The bodies of all visible messages, each once."""
        seen: set[str] = set()
        while True:
            answer = self.clients("sqs").receive_message(
                QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=_HIDDEN_SECONDS, WaitTimeSeconds=1
            )
            fresh = [message for message in answer.get("Messages", ()) if message["MessageId"] not in seen]
            if not fresh:
                return
            for message in fresh:
                seen.add(message["MessageId"])
                yield message["Body"]

    def _rejected(self) -> dict[int, str]:
        if self.places.to is not To.BUCKET:
            return {}
        rejected: dict[int, str] = {}
        s3, name = self.clients("s3"), self.places.bucket
        with explaining("reading the rejected content", f"s3:ListBucket and s3:GetObject on {name}"):
            pages = s3.get_paginator("list_objects_v2").paginate(
                Bucket=name, Prefix=f"{self.places.rejected}{self.places.prefix}{self.fleet.run}/"
            )
            for page in pages:
                for listed in page.get("Contents", ()):
                    content = s3.get_object(Bucket=name, Key=listed["Key"])["Body"].read()
                    rejected |= rejected_readings(listed["Key"], content, self.fleet)
        return rejected


def row(item: dict[str, Any], table: Table) -> Row:
    """The row for a table's item, in DynamoDB's JSON, which has the values in a map or beside the key."""
    values = item.get("sensor_data", {}).get("M", item)
    key = item[table.sort_key].get("S", "")
    return Row(
        device=item[table.partition_key]["S"],
        key=key,
        timestamp=_milliseconds(key.partition("#")[0]),
        sensors={name: Decimal(values[name]["N"]) for name in SENSORS if "N" in values.get(name, ())},
        flagged=item.get("clock_skew", {}).get("BOOL") is True,
    )


def dead_readings(text: str, fleet: Fleet) -> Iterator[int]:
    """The readings of a run in a dead letter: a message of the queue, a faulty reading, or an S3 event."""
    try:
        letter = _dict(json.loads(text))
    except ValueError:
        return
    if "base64OriginalPayload" in letter:
        letter = next(mqtt.dead_documents(letter, fleet.prefix), {})
    # A function's dead-letter queue has the event itself, a destination has it in `requestPayload`.
    body = _dict(letter.get("requestPayload", letter))
    for record in _list(body.get("Records")):
        key = _dict(_dict(_dict(record).get("s3")).get("object")).get("key")
        yield from _within(bucket.numbers(str(key), fleet.run), fleet)
    for reading in _list(body.get("readings", [body])):
        if str(_dict(reading).get("device_id")).startswith(fleet.prefix):
            sequence = _dict(_dict(reading).get("sensor_data")).get("sequence")
            yield from _within([sequence] if isinstance(sequence, int) else [], fleet)


def rejected_readings(key: str, content: bytes, fleet: Fleet) -> dict[int, str]:
    """The readings in an object of rejected content, with the reasons."""
    of = bucket.numbers(key[: key.rindex("/", 0, key.rindex("/"))], fleet.run)
    reasons: dict[int, str] = {}
    for line in content.splitlines():
        rejection = json.loads(line)
        first = of.start + rejection["number"] - 1
        # If no line of an object is a reading, all lines are rejected as one.
        many = len(rejection.get("content", "").strip().split("\n"))
        for number in range(first, min(first + many, of.stop)):
            reasons[number] = str(rejection.get("reason") or "")
    return {number: reasons[number] for number in _within(reasons, fleet)}


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _within(numbers: Iterable[int], fleet: Fleet) -> Iterator[int]:
    return (number for number in numbers if 0 <= number < fleet.options.count)


def _milliseconds(time: str) -> int | None:
    """The time at the start of a sort key, in milliseconds or in ISO 8601 (UTC)."""
    if time.isdecimal():
        return int(time)
    try:
        return round(datetime.fromisoformat(time).timestamp() * 1000)
    except ValueError:
        return None
