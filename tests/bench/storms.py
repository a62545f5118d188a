"""Heat waves: readings of as many devices, all above their limit or none, by each way to the processor."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from readings import exact_json, queue, storm
from readings.reading import read

from tests.bench.limits import Limit
from tests.bench.memory_aws import Killed, MemoryAws
from tests.bench.processor import START, Container, settings, sqs_event
from tests.bench.queue import Message, Queue
from tests.bench.virtual_time import VirtualTime
from tests.handlers.conftest import api_event

LIMIT = 80
_HOT, _COLD = 91, 20
_REQUESTS_A_SECOND = 1000  # the API's throttle
_RETRY_SECONDS = 2

_SLOWER = 1.2
_MOST_NOTIFICATIONS = 50
_MOST_A_SECOND = 5

Way = Callable[[MemoryAws, Sequence[Any]], int]


@dataclass(frozen=True)
class Result:
    """What came of it: seconds until the last row was stored, and devices neither told of nor listed."""

    readings: int
    rows: int
    seconds: float
    notifications: int
    most_a_second: int
    missing: int
    dead_letters: int


def run(way: Way, number: int, *, hot: bool) -> Result:
    """Send readings of so many devices a way."""
    aws = MemoryAws(VirtualTime(), json.dumps({"thresholds": {"temperature": {"max": LIMIT}}}))
    sent = [_reading(n, _HOT if hot else _COLD) for n in range(number)]
    dead_letters = way(aws, sent)
    stored = {key: at for key, at in aws.written_at.items() if "#" not in key[0]}
    known = set(_told(aws))
    times = [at for at, _ in aws.published]
    return Result(
        readings=number,
        rows=len(stored),
        seconds=max(stored.values()),
        notifications=len(times),
        most_a_second=max((sum(at <= other < at + 1 for other in times) for at in times), default=0),
        missing=len({reading["device_id"] for reading in sent} - known) if hot else 0,
        dead_letters=dead_letters,
    )


def as_ingested(aws: MemoryAws, readings: Sequence[Any]) -> int:
    """Through the queue, in messages as full as ingestion makes them."""
    packed = queue.pack(read(reading, START, 65_536) for reading in readings)
    return _through_queue(aws, [message.body for message in packed])


def in_five_messages(aws: MemoryAws, readings: Sequence[Any]) -> int:
    """Through the queue, in five messages."""
    return _through_queue(aws, [json.dumps({"readings": readings[n::5]}) for n in range(5)])


def one_a_message(aws: MemoryAws, readings: Sequence[Any]) -> int:
    """Through the queue, a message for each reading."""
    return _through_queue(aws, [json.dumps(reading) for reading in readings])


def one_a_request(aws: MemoryAws, readings: Sequence[Any]) -> int:
    """By POST /process, a request for each reading, as many a second as the API takes."""
    waiting = list(reversed([(n / _REQUESTS_A_SECOND, reading) for n, reading in enumerate(readings)]))
    refused: Counter[str] = Counter()

    def client() -> None:
        container = Container(aws)
        while waiting:
            at, reading = waiting.pop()
            aws.time.sleep(at - aws.time.now)
            while (status := _answer(container, reading)) != 200:
                refused[str(status)] += 1
                aws.time.sleep(_RETRY_SECONDS)

    aws.time.run([client] * settings().concurrency)
    return 0


def limits(name: str, cold: Result, hot: Result) -> Iterator[Limit]:
    """Hold a heat wave against the same readings below their limit."""
    yield Limit(f"{name}: readings not stored", hot.readings - hot.rows, 0)
    yield Limit(
        f"{name}: time until all are stored, to that without crossings", hot.seconds / cold.seconds, _SLOWER
    )
    yield Limit(f"{name}: notifications", hot.notifications, _MOST_NOTIFICATIONS)
    yield Limit(f"{name}: notifications in any second", hot.most_a_second, _MOST_A_SECOND)
    yield Limit(f"{name}: devices neither told of nor listed", hot.missing, 0)
    yield Limit(f"{name}: dead letters", hot.dead_letters, 0)


def _answer(container: Container, reading: Any) -> int:
    try:
        return int(container.invoke(api_event("POST", "/process", reading))["statusCode"])
    except Killed:
        return 504


def _through_queue(aws: MemoryAws, bodies: Sequence[str]) -> int:
    own = settings()
    messages = Queue(aws.time, own.visibility_seconds, own.max_receives, [Message(body) for body in bodies])

    def poller() -> None:
        container = Container(aws)
        messages.poll(own.batch_size, lambda batch: container.invoke(sqs_event(batch)))

    aws.time.run([poller] * own.pollers)
    return len(messages.dead)


def _reading(number: int, temperature: int) -> dict[str, Any]:
    return {
        "device_id": f"device-{number:05d}",
        "timestamp": START + number,
        "sensor_data": {"temperature": temperature, "humidity": 40},
    }


def _told(aws: MemoryAws) -> Iterator[str]:
    """Give the devices that stand in a notification or in a storm's rows."""
    for _, published in aws.published:
        message = json.loads(published["Message"])
        for crossing in message.get("worst", [message]):
            yield crossing["device_id"]
    for (partition, _), item in aws.items.items():
        if partition == storm.PARTITION:
            yield from exact_json.loads(item["values"]["S"])


WAYS: dict[str, tuple[Way, int]] = {
    "as ingested": (as_ingested, 36_000),
    "in five messages": (in_five_messages, 5_000),
    "one a message": (one_a_message, 36_000),
    "one a request": (one_a_request, 36_000),
}
