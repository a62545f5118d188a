"""What comes from outside in a history: devices that send readings, and messages that nobody can read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from iotgen.prove.account import EPOCH
from iotgen.prove.chance import Chance
from iotgen.prove.kernel import MILLISECOND, MINUTE, SECOND
from iotgen.prove.ledger import Ledger, Reading
from iotgen.prove.shape import EndpointShape, RuleShape, Shape, TickShape, WatchShape
from iotgen.prove.world import World

# How long devices send, and a client tries.
SENDING = 15 * MINUTE
_MOST_REQUESTS = 12
_ATTEMPTS = 4
_PAUSES = (SECOND, 2 * SECOND, 5 * SECOND)
_RETRIED = (429, 500, 502, 503, 504)
_DEVICES = 3
_MOST_READINGS = 4
_WARM = 95.5
_USUAL = 21.25
# How often a request is of many devices at once, all over their limit, or so many send one each; how often a
# request has a reading that cannot be taken, and somebody else writes to a queue.
_STORM = 0.04
_STORM_DEVICES = 30
_RUSH = 0.04
_RUSH_DEVICES = 14
_BAD = 0.1
# The events of a schedule and of a bus in one history.
_MOST_EVENTS = 15
_SOME_EVENTS = 4
_FOREIGN = 0.25
# What nobody can read.
POISON = "this is no reading"


@dataclass(frozen=True, slots=True)
class Source:
    """Where readings come in: an endpoint, a bucket's prefix, a rule; or what nothing else feeds.

    That is a topic, a stream or a queue.
    """

    name: str
    endpoint: EndpointShape | None = None
    watch: WatchShape | None = None
    rule: RuleShape | None = None
    topic: str = ""
    stream: str = ""
    queue: str = ""


def sources_of(shape: Shape) -> tuple[Source, ...]:
    """The places of a pipeline where readings may come in."""
    endpoints = tuple(
        Source(f"{one.method} {one.path}", endpoint=one)
        for one in shape.endpoints
        if one.method == "POST" and "{" not in one.path
    )
    watches = tuple(Source(f"s3://{one.bucket}/{one.prefix}", watch=one) for one in shape.watches)
    rules = tuple(Source(f"rule {one.key}", rule=one) for one in shape.rules)
    # What functions may write to is fed by them.
    heard = {one.topic for one in shape.subscriptions}
    topics = tuple(Source(f"topic {one.key}", topic=one.arn) for one in shape.topics if one.arn in heard)
    followed = {one.source for one in shape.follows if one.section == "streams"}
    streams = tuple(
        Source(f"stream {one.key}", stream=one.name) for one in shape.streams if one.name in followed
    )
    return endpoints + watches + rules or streams + topics or queues_of(shape)


def queues_of(shape: Shape) -> tuple[Source, ...]:
    """The queues of a pipeline that functions read."""
    return tuple(Source(f"queue {one.queue}", queue=one.queue) for one in shape.polls)


class Workload:
    """The devices of one history."""

    def __init__(self, world: World, ledger: Ledger) -> None:
        self._world, self._ledger = world, ledger
        self._objects = 0

    def plan(
        self,
        chance: Chance,
        sources: tuple[Source, ...],
        queues: tuple[Source, ...],
        ticks: tuple[TickShape, ...] = (),
    ) -> int:
        """Plan what is sent when: readings to `sources`, and now and then others' messages to `queues`.

        Events that come by themselves are `ticks`.

        It gives the time of the request that was planned last.
        """
        at = 0
        for _ in range(1 + chance.below(_MOST_REQUESTS)):
            source = sources[chance.below(len(sources))]
            readings = self._batch(source, chance)
            at = chance.below(SENDING // SECOND) * SECOND
            self._world.kernel.at(at, lambda source=source, readings=readings: self.send(source, readings))  # type: ignore[misc]
        for tick in ticks:
            self._tick(tick, chance)
        if chance.happens(_RUSH):
            self._rush(sources[chance.below(len(sources))], chance.below(SENDING))
        if queues and chance.happens(_FOREIGN):
            queue = queues[chance.below(len(queues))]
            others = (self._reading(queue, chance), self.bad(queue)) if chance.below(2) else ()
            # As often as not together with a request.
            at = at if chance.below(2) else chance.below(SENDING)
            self._world.kernel.at(at, lambda: self._put(queue, others))
        return at

    def _tick(self, tick: TickShape, chance: Chance) -> None:
        """Plan the events of a schedule, or some of a bus."""
        event, add = json.loads(tick.event), self._world.events[tick.function].add
        first = chance.below(min(tick.every or SENDING, SENDING) // SECOND) * SECOND
        times = range(first, SENDING, tick.every or SENDING)[:_MOST_EVENTS]
        if tick.every is None:
            times = range(first, first + chance.below(_SOME_EVENTS) * SECOND, SECOND)
        for at in times:
            self._world.kernel.at(at, lambda: add(event))

    def _rush(self, source: Source, begins: int) -> None:
        """Many devices, each over its limit, one request each: more than may be notified of in a minute."""
        for one in range(_RUSH_DEVICES):
            readings = (self.reading(source, f"rush-{one}", {}, warm=True),)
            at = begins + one * SECOND
            self._world.kernel.at(at, lambda readings=readings: self.send(source, readings))  # type: ignore[misc]

    def _batch(self, source: Source, chance: Chance) -> tuple[Reading, ...]:
        if chance.happens(_STORM):
            number = len(self._ledger.sent)
            return tuple(
                self.reading(source, f"storm-{number}-{one}", {}, warm=True) for one in range(_STORM_DEVICES)
            )
        readings = tuple(self._reading(source, chance) for _ in range(1 + chance.below(_MOST_READINGS)))
        return (*readings, self.bad(source)) if chance.happens(_BAD) else readings

    def send(self, source: Source, readings: tuple[Reading, ...]) -> None:
        """Send readings, all together."""
        self._ledger.requests += 1
        body = _body(readings)
        if source.endpoint:
            _Client(self._world, source.endpoint, body, readings, self._ledger).attempt()
        elif source.watch:
            self._objects += 1
            key = f"{source.watch.prefix}{self._objects}{source.watch.suffix}"
            self._ledger.objects[key] = readings
            self._world.tell("a device", f"puts {key}: {_listed(readings)}")
            self._world.account.perform(
                "s3", "put_object", {"Bucket": source.watch.bucket, "Key": key, "Body": body}
            )
            self._ledger.promise(readings, self._world.kernel.now)
        elif source.rule:
            for reading in readings:
                _Publisher(self._world, source.rule, reading, self._ledger).attempt()
        elif source.topic or source.stream:
            for reading in readings:
                self._produce(source, reading)
        else:
            self._put(source, readings)

    def _produce(self, source: Source, reading: Reading) -> None:
        """Publish a reading to a topic, or write it to a stream, with its device as the key."""
        self._world.tell("a producer", f"sends to the {source.name}: {_listed((reading,))}")
        body, account = _body((reading,)), self._world.account
        if source.topic:
            account.perform("sns", "publish", {"TopicArn": source.topic, "Message": body})
        else:
            given = {"StreamName": source.stream, "PartitionKey": reading.device, "Data": body}
            account.perform("kinesis", "put_record", given)
        self._ledger.promise((reading,), self._world.kernel.now)

    def reading(self, source: Source, device: str, document: Mapping[str, Any], *, warm: bool) -> Reading:
        """A reading with a mark of its own."""
        mark = self._mark()
        number = len(self._ledger.sent)
        data = {"temperature": _WARM if warm else _USUAL + number, "level": 1000 + number, "mark": mark}
        whole = {"device_id": f"device-{device}", **document, "sensor_data": data}
        return self._sent(Reading(mark, source.name, whole, crosses=warm))

    def bad(self, source: Source) -> Reading:
        """A reading without sensor data, which cannot be taken."""
        mark = self._mark()
        # A rule may select columns, so it is in one that readings have.
        document = {"device_id": "device-1", "event_id" if source.rule else "note": mark}
        return self._sent(Reading(mark, source.name, document, bad=True))

    def poison(self, source: Source) -> None:
        """Put a message into a queue that nobody can read."""
        self._put(source, ())

    def _mark(self) -> str:
        return f"mark-{len(self._ledger.sent) + 1}"

    def _sent(self, reading: Reading) -> Reading:
        self._ledger.sent[reading.mark] = reading
        return reading

    def _put(self, source: Source, readings: tuple[Reading, ...]) -> None:
        """Put a message into a queue, or one that nobody can read where there are no readings."""
        self._world.tell("a producer", f"puts a message into {source.queue}: {_listed(readings) or POISON}")
        if readings:
            self._ledger.promise(readings, self._world.kernel.now)
        else:
            self._ledger.poison[source.name] += 1
            self._world.account.met["poison"] += 1
        self._world.put(source.queue, _body(readings) if readings else POISON)

    def _reading(self, source: Source, chance: Chance) -> Reading:
        document: dict[str, Any] = {}
        # Few times and few ids, so that readings meet that differ in one thing alone.
        when = chance.below(5)
        if when:
            at = EPOCH + chance.below(3)
            document["timestamp"] = at * 1000 if when < 4 else datetime.fromtimestamp(at, UTC).isoformat()
        if chance.below(2):
            document["event_id"] = f"e{chance.below(3)}"
        return self.reading(source, str(chance.below(_DEVICES)), document, warm=chance.below(4) == 3)


class _Client:
    """A device that sends one request until it is answered, or until it gives up."""

    def __init__(
        self,
        world: World,
        endpoint: EndpointShape,
        body: str,
        readings: tuple[Reading, ...],
        ledger: Ledger,
    ) -> None:
        self._world, self._endpoint, self._body = world, endpoint, body
        self._readings, self._ledger = readings, ledger
        self._attempts = 0

    def attempt(self) -> None:
        """Send it once more."""
        self._attempts += 1
        self._world.tell("a device", f"sends to {self._endpoint.path}: {_listed(self._readings)}")
        account = self._world.account
        if account.meets("client_twice"):
            self._world.gateway.request(self._endpoint, self._body, self._noted)
        self._world.gateway.request(self._endpoint, self._body, self._answered)

    def _noted(self, status: int, _content: Any) -> None:
        self._world.tell("a device", f"is answered {status}: {_listed(self._readings)}")
        if status == 200:
            self._ledger.promise(self._readings, self._world.kernel.now)
        elif 400 <= status < 500 and status != 429:
            self._ledger.refused.update({one.mark: status for one in self._readings if not one.bad})

    def _answered(self, status: int, content: Any) -> None:
        self._noted(status, content)
        account = self._world.account
        again = status in _RETRIED or (status == 200 and account.meets("client_lost"))
        if again and self._attempts < _ATTEMPTS and not account.meets("client_gone"):
            pause = _PAUSES[min(self._attempts, len(_PAUSES)) - 1]
            self._world.kernel.after(pause + account.chance.below(4) * 250 * MILLISECOND, self.attempt)


class _Publisher:
    """A device that publishes one reading until it gets a PUBACK, or until it gives up."""

    def __init__(self, world: World, rule: RuleShape, reading: Reading, ledger: Ledger) -> None:
        self._world, self._reading, self._ledger = world, reading, ledger
        self._topic = rule.published.replace("{device}", reading.device)
        self._attempts = 0
        self._acknowledged = False

    def attempt(self) -> None:
        """Publish it once more, unless there has been a PUBACK."""
        if self._acknowledged:
            return
        self._attempts += 1
        account = self._world.account
        self._world.tell("a device", f"publishes on {self._topic}: {_listed((self._reading,))}")
        self._world.broker.publish(self._topic, _body((self._reading,)), self._puback)
        if not self._acknowledged and self._attempts < _ATTEMPTS and not account.meets("client_gone"):
            pause = _PAUSES[min(self._attempts, len(_PAUSES)) - 1]
            self._world.kernel.after(pause + account.chance.below(4) * 250 * MILLISECOND, self.attempt)

    def _puback(self) -> None:
        self._acknowledged = True
        self._ledger.promise((self._reading,), self._world.kernel.now)


def _body(readings: tuple[Reading, ...]) -> str:
    if len(readings) == 1:
        return json.dumps(readings[0].document)
    return json.dumps({"readings": [one.document for one in readings]})


def _listed(readings: tuple[Reading, ...]) -> str:
    shown = ", ".join(f"{one.mark} of {one.device}" for one in readings[:_MOST_READINGS])
    return (
        f"{shown} and {len(readings) - _MOST_READINGS} more" if len(readings) > _MOST_READINGS + 1 else shown
    )
