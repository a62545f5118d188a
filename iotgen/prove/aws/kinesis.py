"""Streams as Kinesis keeps them: records in the order of each shard.

https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from iotgen.prove.aws.errors import refusal

# https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
_MOST_RECORDS = 500


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a stream, or a change of a table's item; those with the same key are in order."""

    number: int
    key: str
    at: int
    content: Any


@dataclass
class Stream:
    """What was written, in order; `heard` takes each record to those that follow the stream."""

    name: str
    heard: list[Callable[[Record], None]] = field(default_factory=list)
    count: int = 0

    def add(self, key: str, content: Any, at: int) -> Record:
        """Write a record."""
        self.count += 1
        record = Record(self.count, key, at, content)
        for one in self.heard:
            one(record)
        return record


@dataclass
class Kinesis:
    """The streams of an account. `refuses` is whether a record of a batch is not taken."""

    streams: dict[str, Stream]
    now: Callable[[], int]
    refuses: Callable[[], bool]

    def put_record(self, **given: Any) -> Any:
        """Write one record."""
        record = self._stream("PutRecord", given).add(given["PartitionKey"], _text(given["Data"]), self.now())
        return {"ShardId": "shardId-000000000000", "SequenceNumber": str(record.number)}

    def put_records(self, **given: Any) -> Any:
        """Write records, each for itself."""
        stream = self._stream("PutRecords", given)
        if not 0 < len(given["Records"]) <= _MOST_RECORDS:
            raise refusal("PutRecords", "InvalidArgumentException", f"1 to {_MOST_RECORDS} records")
        answers: list[Any] = []
        for one in given["Records"]:
            if self.refuses():
                code = "ProvisionedThroughputExceededException"
                answers.append({"ErrorCode": code, "ErrorMessage": "Rate exceeded"})
            else:
                record = stream.add(one["PartitionKey"], _text(one["Data"]), self.now())
                answers.append({"ShardId": "shardId-000000000000", "SequenceNumber": str(record.number)})
        return {"FailedRecordCount": sum("ErrorCode" in one for one in answers), "Records": answers}

    def _stream(self, operation: str, given: Any) -> Stream:
        name = given.get("StreamName") or given.get("StreamARN", "").rpartition("/")[2]
        if name not in self.streams:
            raise refusal(operation, "ResourceNotFoundException", f"there is no stream {name}")
        return self.streams[name]


def _text(data: Any) -> str:
    """The data of a record as a function gets it."""
    return base64.b64encode(data if isinstance(data, bytes) else str(data).encode()).decode()
