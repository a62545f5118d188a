"""Groups readings into packets, each for one request or object, with its time."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from iotgen.simulate.faults import LARGE_BYTES
from iotgen.simulate.fleet import Fleet, Kind

# Below every limit of a body, so that only oversized readings exceed one.
PACKET_BYTES = 900_000
_TYPICAL_BYTES = 300


@dataclass(frozen=True, slots=True)
class Packet:
    """Readings that are sent together, from `first` to before `stop`.

    `due` is in seconds from the start of the run. `repeated` is whether the first response is treated as
    lost.
    """

    first: int
    stop: int
    due: float
    repeated: bool

    @property
    def numbers(self) -> range:
        """The readings' numbers."""
        return range(self.first, self.stop)

    def __len__(self) -> int:
        return self.stop - self.first


def packets(fleet: Fleet) -> Iterator[Packet]:
    """The packets of a fleet, each at most a batch; a reading that would spoil a whole body is alone."""
    first, size = 0, 0
    for number in range(fleet.options.count):
        alone = fleet.is_alone(number)
        weight = LARGE_BYTES if fleet.kinds[number] == Kind.OVERSIZED else _TYPICAL_BYTES
        full = number - first == fleet.options.batch or size + weight > PACKET_BYTES
        if number > first and (alone or full):
            yield _packet(fleet, first, number)
            first, size = number, 0
        size += weight
        if alone:
            yield _packet(fleet, first, number + 1)
            first, size = number + 1, 0
    if first < fleet.options.count:
        yield _packet(fleet, first, fleet.options.count)


def _packet(fleet: Fleet, first: int, stop: int) -> Packet:
    options = fleet.options
    chance = Random(f"{fleet.run}/packet/{first}").random()  # noqa: S311 (it must be repeatable)
    return Packet(first, stop, fleet.due(stop - 1), chance < options.repeated)
