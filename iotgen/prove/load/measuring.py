"""The handlers of a spec, run in the simulator to see how long they wait and what they do."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import count
from random import Random
from typing import Any

from iotgen.prove.account import EPOCH
from iotgen.prove.aws.errors import Unsimulated
from iotgen.prove.aws.sqs import Message, record
from iotgen.prove.campaign import Campaign
from iotgen.prove.chance import Chance
from iotgen.prove.functions import Container, Result
from iotgen.prove.gateway import request_event
from iotgen.prove.kernel import MILLISECOND, MINUTE, SECOND
from iotgen.prove.load.assumed import DEFAULTS, Assumed
from iotgen.prove.load.entry import Entry
from iotgen.prove.load.timing import VCPU_MIB, Timing
from iotgen.prove.modules import Code
from iotgen.prove.shape import PollShape, Shape
from iotgen.prove.weather import CALM
from iotgen.prove.world import World

# Invocations of each size that are measured.
_SAMPLES = 40
_SIZES = (1, 10, 100)
_NUMBERED = re.compile(r"\b(device|event)-(\d+)")
_LARGEST_BATCH = 100
_LONGEST = 30 * MINUTE


def measured(running: Campaign, entry: Entry, readings: int, seed: int, given: Assumed) -> dict[str, Timing]:
    """How long the functions that a reading passes take; UnprovableError where they do not take it."""
    found: dict[str, Timing] = running.ask(timings, entry, readings, seed, dict(given))
    return found


def timings(
    shape: Shape, codes: Mapping[str, Code], entry: Entry, readings: int, seed: int, given: Assumed
) -> dict[str, Timing]:
    """The same, in the process of the handlers."""
    line = _Line(shape, codes, seed, given)
    found: dict[str, Timing] = {}
    if entry.function:
        found[entry.function] = line.arrival(entry, readings)
        fed = list(found[entry.function].sends)
    else:
        fed = [entry.queue]
    for poll in shape.polls:
        if poll.queue in fed and poll.function not in found:
            found[poll.function] = line.batches(poll, readings)
    return found


class _Line:
    """The worlds in which functions are measured, one for each."""

    def __init__(self, shape: Shape, codes: Mapping[str, Code], seed: int, given: Assumed) -> None:
        self._shape, self._codes, self._seed, self._given = shape, codes, seed, given
        self._numbers = count(1)
        self._bodies: dict[str, list[str]] = {}

    def arrival(self, entry: Entry, readings: int) -> Timing:
        """The function that an endpoint or a bucket calls, with so many readings."""
        world, calls = self._world()
        first = self._sizes(world)
        waits = [
            self._time(world, entry.function, self._event(world, entry, readings))
            for _ in range(_SAMPLES + 1)
        ]
        sends = {}
        for key, queue in world.account.queues.items():
            bodies = [message.body for message in queue.messages.values()]
            if bodies:
                self._bodies[key] = bodies
                sends[key] = len(bodies) / len(waits)
        stored = self._stored(world, first, readings * len(waits))
        world.release()
        return self._timing(entry.function, (readings,), [waits[1:]], calls, len(waits), sends, stored)

    def batches(self, poll: PollShape, readings: int) -> Timing:
        """The function that reads a queue, with batches of each size."""
        world, calls = self._world()
        most = min(poll.batch_size if poll.window else 10, poll.batch_size, _LARGEST_BATCH)
        sizes = (*(size for size in _SIZES if size < most), most)
        self._time(world, poll.function, self._batch(world, poll, 1, readings))
        waits = []
        stored: tuple[str, ...] = ()
        for size in sizes:
            first = self._sizes(world)
            calls.clear()
            samples = _SAMPLES if size <= 10 else _SAMPLES // 4
            waits.append(
                [
                    self._time(world, poll.function, self._batch(world, poll, size, readings))
                    for _ in range(samples)
                ]
            )
            stored = self._stored(world, first, samples * size)
        world.release()
        return self._timing(poll.function, sizes, waits, calls, samples, {}, stored)

    def _timing(
        self,
        function: str,
        sizes: tuple[int, ...],
        waits: list[list[float]],
        calls: Counter[str],
        invocations: int,
        sends: Mapping[str, float],
        stores: tuple[str, ...],
    ) -> Timing:
        memory = next(one.memory for one in self._shape.functions if one.key == function)
        slower = 1 / min(1.0, memory / VCPU_MIB)
        return Timing(
            sizes,
            [sorted(one) for one in waits],
            cpu=self._given["invocation"].p50 / 1000 * slower,
            cpu_each=self._given["reading"].p50 / 1000 * slower,
            calls={service: number / invocations for service, number in sorted(calls.items())},
            sends=sends,
            stores=stores,
        )

    def _world(self) -> tuple[World, Counter[str]]:
        """A calm world whose calls take as long as is assumed, where nothing sets off another; its calls."""
        random = Random(self._seed)  # noqa: S311 - it must be foreseen
        calls: Counter[str] = Counter()
        pools: dict[str, list[Container]] = {one.key: [] for one in self._shape.functions}
        world = World(self._shape, self._codes, pools, Chance(self._seed), CALM, None)

        def latency(service: str) -> int:
            calls[service] += 1
            spread = self._given.get(service) or DEFAULTS["sns"]
            return round(spread.draw(random) * SECOND)

        world.account.latency = latency
        for queue in world.account.queues.values():
            queue.changed = lambda: None
        for topic in world.account.topics.values():
            topic.heard = lambda _: None
        for table in world.account.tables.values():
            table.heard.clear()
        for stream in world.account.streams.values():
            stream.heard.clear()
        return world, calls

    def _time(self, world: World, function: str, event: Any) -> float:
        """The seconds of an invocation that goes well."""
        ends: list[tuple[int, Result]] = []
        began = world.kernel.now
        world.functions[function].invoke(event, lambda result: ends.append((world.kernel.now, result)))
        until = began
        while not ends:
            until += MILLISECOND
            if until - began > _LONGEST:
                raise Unsimulated(f"an invocation of {function} does not end")
            world.kernel.run(until)
        when, result = ends[0]
        if failure := _failure(result):
            raise Unsimulated(f"{function} does not take readings of the reference contract: {failure}")
        return (when - began) / SECOND

    def _event(self, world: World, entry: Entry, readings: int) -> Any:
        documents = [self._reading() for _ in range(readings)]
        body = json.dumps(documents[0] if readings == 1 else {"readings": documents})
        if entry.endpoint:
            return request_event(entry.endpoint, body, world.account.number())
        watch = entry.watch
        if watch is None:
            raise Unsimulated(f"nothing arrives at {entry.name}")
        key = f"{watch.prefix}{next(self._numbers)}{watch.suffix}"
        bucket = world.account.buckets[watch.bucket]
        bucket.created = lambda _key, version: made.append(version)
        made: list[Any] = []
        world.account.perform("s3", "put_object", {"Bucket": bucket.name, "Key": key, "Body": body})
        return world.notification(bucket.name, key, made[0])

    def _batch(self, world: World, poll: PollShape, size: int, readings: int) -> Any:
        queue = world.account.queues[poll.queue]
        now = world.kernel.now
        messages = []
        for _ in range(size):
            message = Message(world.account.number(), self._body(poll.queue, readings), {}, now, now)
            queue.messages[message.id] = message
            queue.receive(message, now)
            messages.append(record(message, queue, self._shape.region))
        return {"Records": messages}

    def _body(self, queue: str, readings: int) -> str:
        """A message as a function sent one, of other devices, or one as a device's."""
        if bodies := self._bodies.get(queue):
            body = bodies[next(self._numbers) % len(bodies)]
            others: defaultdict[str, int] = defaultdict(lambda: next(self._numbers))
            return _NUMBERED.sub(lambda match: f"{match[1]}-{others[match[2]]}", body)
        documents = [self._reading() for _ in range(readings)]
        return json.dumps(documents[0] if readings == 1 else {"readings": documents})

    def _reading(self) -> dict[str, Any]:
        number = next(self._numbers)
        return {
            "device_id": f"device-{number}",
            "timestamp": (EPOCH + number % 60) * 1000,
            "event_id": f"event-{number}",
            "sensor_data": {"temperature": 21.25, "humidity": 40 + number % 20, "level": 1000 + number},
        }

    def _sizes(self, world: World) -> dict[str, int]:
        return {one.key: len(world.account.tables[one.name].items) for one in self._shape.tables}

    def _stored(self, world: World, before: Mapping[str, int], readings: int) -> tuple[str, ...]:
        """The tables that have a row more for each reading, or nearly."""
        after = self._sizes(world)
        return tuple(key for key in after if after[key] - before[key] >= readings / 2)


def _failure(result: Result) -> str:
    value = result.value
    if result.error:
        return result.error
    if isinstance(value, dict):
        if value.get("statusCode", 200) >= 300:
            return f"it answers {value['statusCode']}"
        if value.get("batchItemFailures"):
            return "it names messages that failed"
    return ""
