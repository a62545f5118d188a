"""What takes the records of a stream, or the changes of a table, to a function: batches, in order.

https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
"""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any
from zlib import crc32

from iotgen.prove.account import EPOCH, Account
from iotgen.prove.aws.dynamodb import Table
from iotgen.prove.aws.expressions import Item
from iotgen.prove.aws.kinesis import Record, Stream
from iotgen.prove.aws.sqs import Message
from iotgen.prove.functions import FunctionService, Result
from iotgen.prove.kernel import MILLISECOND, SECOND
from iotgen.prove.patterns import fits
from iotgen.prove.shape import FollowShape

# Lambda reads a shard of a table's stream four times a second, one of Kinesis once.
# https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
_POLLS = {"tables": 250 * MILLISECOND, "streams": SECOND}
# How long it waits before a batch is tried again: AWS does not say, but that it is longer each time.
_LONGEST_PAUSE = 60 * SECOND


class Batch:
    """Records that are tried together, and how often they have been."""

    def __init__(self, records: Sequence[Record], attempts: int = 0) -> None:
        self.records, self.attempts = records, attempts


class Lane:
    """A shard, or a part of one: its records go to the function in their order, one batch after another."""

    def __init__(self, follower: "Follower") -> None:
        self._follower = follower
        self._coming: list[Record] = []
        self._work: list[Batch] = []
        self._busy = False

    @property
    def waiting(self) -> int:
        """The records that are not done."""
        return len(self._coming) + sum(len(batch.records) for batch in self._work)

    def add(self, record: Record) -> None:
        """Take a record."""
        self._coming.append(record)
        if not self._busy and len(self._coming) == 1:
            self._busy = True
            shape, kernel = self._follower.shape, self._follower.account.kernel
            kernel.after(_POLLS[shape.section] + shape.window, self._next)

    def give(self, records: Sequence[Record]) -> None:
        """Try records once more, after what is being tried."""
        self._work.insert(0, Batch(records))
        if not self._busy:
            self._busy = True
            self._next()

    def _next(self) -> None:
        """Try the next batch, if there is one."""
        if not self._work and self._coming:
            size = self._follower.shape.batch_size
            self._work.append(Batch(self._coming[:size]))
            del self._coming[:size]
        if not self._work:
            self._busy = False
            return
        batch = self._young(self._work[-1])
        if batch is None:
            self._next()
        elif not self._follower.invoke(batch.records, lambda result: self._ended(batch, result)):
            # A function that cannot be invoked uses up no attempt.
            # https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
            self._follower.account.kernel.after(SECOND, self._next)

    def _young(self, batch: Batch) -> Batch | None:
        """A batch without the records that are too old, which are given up; None if all of them are."""
        oldest, now = self._follower.shape.max_age, self._follower.account.kernel.now
        old = [one for one in batch.records if oldest is not None and now - one.at > oldest]
        if not old:
            return batch
        self._work.pop()
        self._follower.give_up(old, "RecordAgeExceeded")
        if len(old) == len(batch.records):
            return None
        self._work.append(Batch(batch.records[len(old) :], batch.attempts))
        return self._work[-1]

    def _ended(self, batch: Batch, result: Result) -> None:
        follower = self._follower
        left = follower.left(batch.records, result)
        self._work.pop()
        if not left and follower.account.meets("repeated"):
            follower.account.tell(follower.name, "hands the same records on again")
            self._work.append(Batch(batch.records))
        if not left:
            follower.account.kernel.after(0, self._next)
            return
        follower.account.tell(follower.name, f"keeps {len(left)} of {len(batch.records)} records")
        pause = self._again(batch, left, whole=bool(result.error))
        follower.account.kernel.after(pause, self._next)

    def _again(self, batch: Batch, left: Sequence[Record], *, whole: bool) -> int:
        """Plan what is left to be tried again, in halves, or give it up; the pause before."""
        shape = self._follower.shape
        # To halve a batch uses up no attempt.
        if shape.bisect and whole and len(left) > 1:
            middle = len(left) // 2
            self._work += [Batch(left[middle:], batch.attempts), Batch(left[:middle], batch.attempts)]
            return SECOND
        attempts = batch.attempts + 1
        if shape.max_retries is not None and attempts > shape.max_retries:
            self._follower.give_up(left, "RetryAttemptsExhausted")
            return 0
        self._work.append(Batch(left, attempts))
        return min(SECOND << min(attempts, 6), _LONGEST_PAUSE)


class Follower:
    """A trigger of a function by a stream or a table."""

    def __init__(
        self, shape: FollowShape, account: Account, function: FunctionService, stream: Stream
    ) -> None:
        self.shape, self.account, self._function = shape, account, function
        self.name = f"the stream of {shape.source}"
        self._lanes = [Lane(self) for _ in range(shape.lanes)]
        self._given_up: dict[str, Sequence[Record]] = {}
        stream.heard.append(self._heard)

    @property
    def waiting(self) -> int:
        """The records that are not done."""
        return sum(lane.waiting for lane in self._lanes)

    def _heard(self, record: Record) -> None:
        patterns = self.shape.filters
        if not patterns or any(fits(pattern, _compared(self.shape, record)) for pattern in patterns):
            self._lanes[crc32(record.key.encode()) % len(self._lanes)].add(record)

    def invoke(self, records: Sequence[Record], reply: Any) -> bool:
        """Call the function with records; False where it may not run."""
        event = {"Records": [_event(self.shape, record, self.account.shape.region) for record in records]}
        return self._function.invoke(event, reply)

    def left(self, records: Sequence[Record], result: Result) -> Sequence[Record]:
        """The records that come again: all, none, or all from the first on that the answer names.

        https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
        """
        if result.error:
            return records
        failures = result.value.get("batchItemFailures") if isinstance(result.value, dict) else None
        if not self.shape.partial or not failures:
            return ()
        named = {one.get("itemIdentifier") if isinstance(one, dict) else None for one in failures}
        places = [place for place, one in enumerate(records) if _number(one) in named]
        return records[places[0] :] if len(places) == len(named) else records

    def give_up(self, records: Sequence[Record], condition: str) -> None:
        """Send to the queue for failures where records stand in the stream, without what they hold.

        https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
        """
        account = self.account
        account.tell(self.name, f"gives {len(records)} records up")
        account.met["given_up"] += 1
        queue = account.queues.get(self.shape.failed or "")
        if queue is None:
            return
        batch = "KinesisBatchInfo" if self.shape.section == "streams" else "DDBStreamBatchInfo"
        body = {
            "requestContext": {"functionArn": self.shape.function, "condition": condition},
            batch: {
                "shardId": "shardId-000000000000",
                "startSequenceNumber": _number(records[0]),
                "endSequenceNumber": _number(records[-1]),
                "batchSize": len(records),
                "streamArn": self.shape.arn,
            },
        }
        now, number = account.kernel.now, account.number()
        self._given_up[number] = records
        about = " ".join(map(_shown, records))
        queue.add(Message(number, json.dumps(body), {}, now, now, about=about))

    def release(self) -> None:
        """End: nothing can be asked afterwards."""
        self._lanes.clear()

    def again(self, letter: Message) -> bool:
        """Read what a letter is of from the stream, and try it once more; whether it is of this stream."""
        records = self._given_up.pop(letter.id, None)
        if records is None:
            return False
        self._lanes[crc32(records[0].key.encode()) % len(self._lanes)].give(records)
        return True


def change(stream: Stream, table: Table, view: str, old: Item | None, new: Item | None, now: int) -> None:
    """Write a change of an item to the table's stream, unless nothing changed.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
    """
    if old == new:
        return
    item: Item = new or old or {}
    images = {"NewImage": new if view.startswith("NEW") else None,
              "OldImage": old if view.endswith("OLD_IMAGES") or view == "OLD_IMAGE" else None}  # fmt: skip
    dynamodb = {
        "ApproximateCreationDateTime": EPOCH + now // SECOND,
        "Keys": {name: item[name] for name in table.key},
        **{name: image for name, image in images.items() if image},
        "StreamViewType": view,
    }
    name = "INSERT" if old is None else "REMOVE" if new is None else "MODIFY"
    stream.add(str(item[table.key[0]]), {"eventName": name, "dynamodb": dynamodb}, now)


def _shown(record: Record) -> str:
    """What a record holds, as text."""
    return (
        base64.b64decode(record.content).decode() if isinstance(record.content, str) else str(record.content)
    )


def _number(record: Record) -> str:
    return f"{record.number:021d}"


def _compared(shape: FollowShape, record: Record) -> Any:
    """What a filter compares: the data as JSON, or the change."""
    if shape.section == "tables":
        return {"eventName": record.content["eventName"], "dynamodb": record.content["dynamodb"]}
    try:
        data = json.loads(base64.b64decode(record.content))
    except ValueError:
        data = None
    return {"data": data, "partitionKey": record.key}


def _event(shape: FollowShape, record: Record, region: str) -> Mapping[str, Any]:
    """A record as a function gets it."""
    number = _number(record)
    common = {"eventVersion": "1.0", "awsRegion": region, "eventSourceARN": shape.arn}
    if shape.section == "tables":
        change = {**record.content["dynamodb"], "SequenceNumber": number}
        return {
            **common,
            "eventID": number,
            "eventName": record.content["eventName"],
            "eventSource": "aws:dynamodb",
            "dynamodb": change,
        }
    return {
        **common,
        "eventID": f"shardId-000000000000:{number}",
        "eventName": "aws:kinesis:record",
        "eventSource": "aws:kinesis",
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": record.key,
            "sequenceNumber": number,
            "data": record.content,
            "approximateArrivalTimestamp": EPOCH + record.at / SECOND,
        },
    }
