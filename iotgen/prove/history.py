"""One history: devices send while things go wrong, then all is calm and dead letters are redriven."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from iotgen.prove import laws
from iotgen.prove.aws.errors import Unsimulated
from iotgen.prove.aws.sqs import Message
from iotgen.prove.chance import Chance
from iotgen.prove.functions import Container
from iotgen.prove.kernel import MINUTE
from iotgen.prove.ledger import Ledger
from iotgen.prove.modules import Code
from iotgen.prove.rows import Rows
from iotgen.prove.shape import Shape, TickShape
from iotgen.prove.steps import Steps
from iotgen.prove.weather import CALM, Weather, heat, outage, weather
from iotgen.prove.workload import POISON, SENDING, Source, Workload, queues_of, sources_of
from iotgen.prove.world import World

# Long enough for everything that is tried again to be over, or a dead letter: SQS's retention is 4 days.
_SETTLED = 24 * 60 * MINUTE


@dataclass(frozen=True, slots=True)
class Line:
    """What happened at a time, in microseconds, and who did it."""

    at: int
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class History:
    """How a history went: the laws that were broken, in words; which faults it met; and its choices.

    `calls` are those of AWS, `most_calls` those of one invocation. `lines` is empty unless it was told, and
    ends where a row was written that breaks a law.
    """

    seed: int
    broken: tuple[str, ...]
    met: Mapping[str, int]
    requests: int
    readings: int
    calls: int
    most_calls: int
    choices: tuple[int, ...]
    lines: tuple[Line, ...] = ()


class Simulator:
    """A pipeline that histories are tried on. What a calm history does with a reading is what all must do.

    `places` says so, by the names of sources, where it is known already.
    """

    def __init__(
        self, shape: Shape, codes: Mapping[str, Code], places: Mapping[str, laws.Place] | None = None
    ) -> None:
        self.shape, self._codes = shape, codes
        self._pools: dict[str, list[Container]] = {one.key: [] for one in shape.functions}
        self.places = dict(places) if places else self._learned()
        self._queues = tuple(one for one in queues_of(shape) if one.name in self.places)
        self._sources = tuple(one for one in sources_of(shape) if one.name in self.places) or self._queues
        self._ticks = tuple(one for one in shape.ticks if self._takes(one))

    def history(self, seed: int, given: Sequence[int] | None = None, *, told: bool = False) -> History:
        """Try the history of a seed, or of choices that were taken before."""
        chance = Chance(seed, given)
        conditions = weather(chance)
        lines: list[Line] = []
        world = self._world(chance, conditions, lines if told else None)
        ledger = Ledger()
        shown: list[int] = []
        steps = Steps(ledger, self.places, lambda: shown.append(len(lines)))
        rows = Rows(world.account.tables, steps.written)
        latest = Workload(world, ledger).plan(chance, self._sources, self._queues, self._ticks)
        if conditions.config_bad:
            _spoil(world, chance)
        if conditions.outage:
            world.account.outage = outage(chance, latest)
        if conditions.hot:
            world.account.heat_up(heat(chance, latest))
        world.kernel.run(SENDING)
        world.tell("the weather", "is calm from here on")
        world.account.calm()
        world.kernel.run(_SETTLED)
        broken = [*steps.breaches, *laws.before_redrive(world, conditions, ledger)]
        letters, redriven = laws.devices_of_letters(world, ledger), world.kernel.now
        _redrive(world)
        world.kernel.run(2 * _SETTLED)
        broken += [one for one in steps.breaches if one not in broken]
        broken += laws.at_the_end(world, rows, ledger, self.places, laws.Phases(SENDING, redriven, letters))
        most = max((one.most_calls for one in world.functions.values()), default=0)
        met = dict(sorted(world.account.met.items()))
        calls = world.account.calls
        world.release()
        return History(
            seed,
            tuple(broken),
            met,
            ledger.requests,
            len(ledger.sent),
            calls,
            most,
            tuple(chance.taken),
            tuple(lines[: shown[0]] if shown else lines),
        )

    def _world(self, chance: Chance, conditions: Weather, lines: list[Line] | None) -> World:
        kept: list[Line] = [] if lines is None else lines

        def tell(who: str, what: str) -> None:
            kept.append(Line(world.kernel.now, who, what))

        told = None if lines is None else tell
        world = World(self.shape, self._codes, self._pools, chance, conditions, told)
        return world

    def _learned(self) -> dict[str, laws.Place]:
        """What becomes of readings in calm histories, by the sources that take any."""
        sources = {one.name: one for one in (*sources_of(self.shape), *queues_of(self.shape))}
        found = {name: self._learn(source) for name, source in sources.items()}
        return {name: place for name, place in found.items() if place}

    def _learn(self, source: Source) -> laws.Place | None:
        world = self._world(Chance(0, ()), CALM, None)
        rows = Rows(world.account.tables, lambda *_: None)
        ledger = Ledger()
        workload = Workload(world, ledger)
        usual = workload.reading(source, "1", {"event_id": "e-1"}, warm=False)
        warm = workload.reading(source, "2", {"event_id": "e-2"}, warm=True)
        bad = workload.bad(source)
        workload.send(source, (usual, warm, bad))
        world.kernel.run(_SETTLED)
        buried = bool(source.queue) and self._buries(source)
        place = laws.place(world, rows, usual, warm, bad, buried) if usual.mark in ledger.promised else None
        world.release()
        return place

    def _takes(self, tick: TickShape) -> bool:
        """Whether a function takes an event of a schedule or a bus in calm, and needs nothing else."""
        world = self._world(Chance(0, ()), CALM, None)
        world.events[tick.function].add(json.loads(tick.event))
        try:
            world.kernel.run(_SETTLED)
        except Unsimulated:
            return False
        taken = not any(laws.in_calm(world))
        world.release()
        return taken

    def _buries(self, source: Source) -> bool:
        """Whether a message that nobody can read ends as a dead letter."""
        world = self._world(Chance(0, ()), CALM, None)
        Workload(world, Ledger()).poison(source)
        world.kernel.run(_SETTLED)
        buried = laws.is_buried(world)
        world.release()
        return buried


def _spoil(world: World, chance: Chance) -> None:
    """Let the parameters with JSON have none for a while."""
    begins = chance.below(SENDING)
    for one in world.shape.parameters:
        if (one.value or "").startswith("{"):
            world.kernel.at(begins, lambda name=one.name: world.account.spoil(name))  # type: ignore[misc]


def _redrive(world: World) -> None:
    """Give dead letters back, as `iotgen dlq redrive` does, but for what was put aside with a reason."""
    _redrive_messages(world)
    for rule in world.shape.rules:
        for message in _taken(world, rule.dead_letters, f"the rule {rule.key}"):
            world.broker.again(rule.key, message.body)
    for key, events in world.events.items():
        for message in _taken(world, events.function.shape.dead_letters, key):
            if not world.redrive(message):
                events.add(json.loads(message.body))
    for failed in world.failed:
        for message in _taken(world, failed, "where they come from"):
            world.redrive(message)


def _redrive_messages(world: World) -> None:
    for queue in world.account.queues.values():
        for message in queue.dead_letters.take(_returns) if queue.dead_letters else ():
            now = world.kernel.now
            world.tell("an operator", f"redrives {message.id} to {queue.name}")
            queue.add(Message(world.account.number(), message.body, message.attributes, now, now))


def _taken(world: World, queue: str | None, target: str) -> Iterator[Message]:
    """Dead letters, which are taken out of their queue to be redriven."""
    letters = world.account.queues.get(queue or "")
    for message in letters.take(_returns) if letters else ():
        world.tell("an operator", f"redrives {message.id} to {target}")
        yield message


def _returns(message: Message) -> bool:
    return "reason" not in message.attributes and message.body != POISON
