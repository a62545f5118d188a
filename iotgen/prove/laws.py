"""What must hold of every history, whatever went wrong in it."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.prove.aws.sqs import Message
from iotgen.prove.bounds import longest, words
from iotgen.prove.forms import form_of_text
from iotgen.prove.ledger import DEVICE, MARK, Ledger, Reading, leaves
from iotgen.prove.rows import Rows
from iotgen.prove.weather import Weather
from iotgen.prove.workload import POISON
from iotgen.prove.world import World

# Faults by which a message may use up its attempts though nothing is wrong with it.
_HARMFUL = (
    "throttle",
    "error",
    "unreachable",
    "lost",
    "slow",
    "unprocessed",
    "killed",
    "failed_start",
    "config_bad",
    "outage",
    "out_of_memory",
    "hot",
)


@dataclass(frozen=True, slots=True)
class Place:
    """What becomes of readings in a calm history.

    `tables` have a row of each good one; `told` is whether somebody hears of one that crosses a threshold.
    `refuses` is whether a bad one beside good ones is stored nowhere, `put_aside` whether it ends as a dead
    letter of its own, and `buried` whether a message does that nobody can read.
    """

    tables: tuple[str, ...]
    told: bool
    refuses: bool
    put_aside: bool
    buried: bool


@dataclass(frozen=True, slots=True)
class Phases:
    """When faults ended, when dead letters were redriven, and the devices whose readings were among these."""

    calm: int
    redriven: int
    letters: frozenset[str]


def place(world: World, rows: Rows, usual: Reading, warm: Reading, bad: Reading, buried: bool) -> Place:
    """What became of two readings, the second beyond its threshold, and of a bad one."""
    found, told = _by_mark(rows), _told(world, rows)
    tables = tuple(sorted(table for table, marks in found.items() if len(marks.get(usual.mark, ())) == 1))
    return Place(
        tables,
        warm.device in told and usual.device not in told,
        not any(bad.mark in marks for marks in found.values()),
        any(bad.mark in _marks(letter) for letter in _letters(world)),
        buried,
    )


def is_buried(world: World) -> bool:
    """Whether a message that nobody can read is a dead letter."""
    return any(letter.body == POISON for letter in _letters(world))


def in_calm(world: World) -> Iterator[str]:
    """What is wrong with an event that came in calm, when all is over."""
    yield from _in_flight(world)
    yield from (f"{_named(letter)} is a dead letter" for letter in _letters(world))


def _letters(world: World) -> list[Message]:
    return [message for queue in _dead_letter_queues(world) for message in queue.messages.values()]


def before_redrive(world: World, weather: Weather, ledger: Ledger) -> Iterator[str]:
    """What must hold once all that went on by itself is over."""
    yield from _in_flight(world)
    if any(getattr(weather, name, 0) for name in _HARMFUL):
        return
    bad = {mark for mark, reading in ledger.sent.items() if reading.bad}
    for queue in _dead_letter_queues(world):
        for message in queue.messages.values():
            # A message of bad readings alone may be one.
            alone = _marks(message) and _marks(message) <= bad
            # And one may be that was deleted each time, and came again and again.
            spent = message.again >= message.receives - 1
            if not (spent or alone or message.body == POISON or "reason" in message.attributes):
                named = _named(message)
                yield f"{named} is a dead letter in {queue.name}, though nothing is wrong with it"


def at_the_end(
    world: World, rows: Rows, ledger: Ledger, places: Mapping[str, Place], phases: Phases
) -> Iterator[str]:
    """What must hold after dead letters were redriven in calm."""
    found = _by_mark(rows)
    yield from _in_flight(world)
    yield from _refused(ledger)
    yield from _kept(found, ledger, places)
    yield from _never_sent(found, ledger, places)
    yield from _dead(world, ledger, places)
    yield from _told_of(world, rows, ledger, places, phases)


# By table, by mark, the rows that have it, each in its form.
ByMark = Mapping[str, Mapping[str, list[bytes]]]


def _by_mark(rows: Rows) -> ByMark:
    found: dict[str, dict[str, list[bytes]]] = {}
    for table, there in rows.there.items():
        marks: dict[str, list[bytes]] = defaultdict(list)
        for row in there.values():
            for mark in row.marks:
                marks[mark].append(row.form)
        found[table] = marks
    return found


def _kept(found: ByMark, ledger: Ledger, places: Mapping[str, Place]) -> Iterator[str]:
    """Each reading that was answered for is there once in each table, with its content."""
    for mark in ledger.promised:
        reading = ledger.sent[mark]
        content = tuple(_content(reading))
        for table in places[reading.source].tables:
            there = found[table].get(mark, [])
            if not there:
                yield f"{mark} of {reading.device} was answered for, and is not in {table}"
            elif len(there) > 1:
                yield f"{mark} of {reading.device} is in {table} {len(there)} times"
            elif not all(text in there[0] for text in content):
                yield f"{mark} of {reading.device} is in {table} with other content than was sent"


def _content(reading: Reading) -> Iterator[bytes]:
    """The texts and numbers of a reading, as a row holds each of them whole."""
    for value in reading.document["sensor_data"].values():
        yield form_of_text(value if isinstance(value, str) else json.dumps(value))


def _never_sent(found: ByMark, ledger: Ledger, places: Mapping[str, Place]) -> Iterator[str]:
    for table, marks in found.items():
        for mark, there in marks.items():
            if mark not in ledger.sent:
                yield f"{table} has {mark}, which was never sent"
            elif ledger.sent[mark].bad and places[ledger.sent[mark].source].refuses:
                yield f"{table} has {mark}, which cannot be taken"
            elif mark not in ledger.promised and len(there) > 1:
                yield f"{mark} is in {table} {len(there)} times"


def _refused(ledger: Ledger) -> Iterator[str]:
    for mark, status in ledger.refused.items():
        yield f"{mark} was refused with {status}, though nothing is wrong with it"


def _in_flight(world: World) -> Iterator[str]:
    """Nothing waits for ever."""
    for key in world.queues_fed:
        queue = world.account.queues[key]
        if queue.messages:
            yield f"{len(queue.messages)} messages are still in {queue.name}"
    for name, waiting in world.waiting():
        if waiting:
            yield f"{waiting} events still wait for {name}"
    for key, function in world.functions.items():
        if function.running:
            yield f"{function.running} invocations of {key} never end"


def _dead(world: World, ledger: Ledger, places: Mapping[str, Place]) -> Iterator[str]:
    """After a redrive nothing is left but what nobody can take, and all of that."""
    bad = {mark for mark, reading in ledger.sent.items() if reading.bad}
    letters = [(queue.name, one) for queue in _dead_letter_queues(world) for one in queue.messages.values()]
    for name, message in letters:
        marks = _marks(message)
        if message.body != POISON and not marks <= bad:
            yield f"{_named(message)} is still a dead letter in {name} after a redrive in calm"
    bodies = [message.body for _, message in letters]
    there = {mark for _, message in letters for mark in _marks(message)}
    for mark in sorted(ledger.bad):
        if places[ledger.sent[mark].source].put_aside and mark not in there:
            yield f"{mark} cannot be taken, and is no dead letter"
    expected = sum(count for source, count in ledger.poison.items() if places[source].buried)
    if bodies.count(POISON) < expected:
        yield f"{expected} messages are no readings, and {bodies.count(POISON)} of them are dead letters"


def _dead_letter_queues(world: World) -> list[Any]:
    own = [queue.dead_letters for queue in world.account.queues.values() if queue.dead_letters]
    of_functions = {one.dead_letters for one in world.shape.functions if one.dead_letters}
    of_rules = {one.dead_letters for one in world.shape.rules if one.dead_letters}
    keys = of_functions | of_rules | world.failed
    return [*own, *(world.account.queues[key] for key in sorted(keys))]


def _marks(letter: Message) -> set[str]:
    """The marks in a dead letter, or in what it is about."""
    return set(MARK.findall(letter.about or letter.body))


def _named(letter: Message) -> str:
    marks = sorted(_marks(letter))
    return ", ".join(marks) if marks else "a message"


def devices_of_letters(world: World, ledger: Ledger) -> frozenset[str]:
    """The devices whose readings are dead letters: in messages, or in objects that events name."""
    found: set[str] = set()
    for letter in _letters(world):
        readings = [ledger.sent[mark] for mark in _marks(letter) if mark in ledger.sent]
        readings += [one for key, there in ledger.objects.items() if key in letter.body for one in there]
        found |= {one.device for one in readings}
    return frozenset(found)


def _told_of(
    world: World, rows: Rows, ledger: Ledger, places: Mapping[str, Place], phases: Phases
) -> Iterator[str]:
    """Of each device that crossed a threshold somebody is told, soon after faults ended or it was redriven.

    People are told by a notification, or by a list of a storm.
    """
    first: dict[str, int] = {}
    for mark, since in ledger.promised.items():
        reading = ledger.sent[mark]
        if reading.crosses and places[reading.source].told:
            first[reading.device] = min(since, first.get(reading.device, since))
    if not first:
        return
    told, bound = _told(world, rows), longest(world.shape)
    for device, since in sorted(first.items()):
        begins = phases.redriven if device in phases.letters else max(since, phases.calm)
        if device not in told:
            yield f"{device} crossed its threshold, and nobody was told"
        elif told[device] > begins + bound:
            late = f"people were told {words(told[device] - begins)} later, and {words(bound)} is the bound"
            yield f"{device} crossed its threshold; {late}"


def _told(world: World, rows: Rows) -> dict[str, int]:
    """The devices that people are told of, and when they were first."""
    found: dict[str, int] = {}
    for at, text in sorted(_news(world, rows)):
        for device in DEVICE.findall(text):
            found.setdefault(device, at)
    return found


def _news(world: World, rows: Rows) -> Iterator[tuple[int, str]]:
    """What people are told, and when: in notifications, and in rows that list many crossings."""
    for topic in world.account.topics.values():
        yield from ((one.at, one.message) for one in topic.published)
    for table in world.account.tables.values():
        for key, row in rows.there[table.name].items():
            if b'{"device-' in row.form:
                for at, version in table.past[key]:
                    yield from (
                        (at, text) for text in _texts(version.item if version else {}) if _is_list(text)
                    )


def _texts(item: Mapping[str, Any]) -> Iterator[str]:
    return (text for value in item.values() for text in leaves(value))


def _is_list(text: str) -> bool:
    return text.startswith('{"device-')
