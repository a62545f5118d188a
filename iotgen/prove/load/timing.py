"""How long invocations take, by how much is in them."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html: so much memory buys one vCPU.
VCPU_MIB = 1769


@dataclass(frozen=True)
class Timing:
    """What invocations of a function did, in seconds, for each of `sizes`: the messages or readings in one.

    `cpu` is that of an invocation, `cpu_each` that of a reading, on its share of a vCPU. `calls` are of
    AWS, by service, in the largest; `sends` are the messages to each queue that come of one, `stores` the
    tables in which a reading has its row.
    """

    sizes: Sequence[int]
    waits: Sequence[Sequence[float]]
    cpu: float = 0.0
    cpu_each: float = 0.0
    calls: Mapping[str, float] = field(default_factory=dict)
    sends: Mapping[str, float] = field(default_factory=dict)
    stores: tuple[str, ...] = ()

    def draw(self, random: Random, size: int, readings: float) -> float:
        """The seconds of an invocation: its waiting, between the sizes that were measured, and its CPU."""
        position = random.random()
        at = min(bisect_left(self.sizes, size), len(self.sizes) - 1)
        high = _at(self.waits[at], position)
        wait = high
        if at and self.sizes[at] != size:
            low = _at(self.waits[at - 1], position)
            share = (size - self.sizes[at - 1]) / (self.sizes[at] - self.sizes[at - 1])
            wait = max(0.0, low + (high - low) * share)
        return wait + self.cpu + self.cpu_each * readings

    def mean(self, size: int, readings: float) -> float:
        """The mean of an invocation's seconds, by the nearest size that is not smaller."""
        waits = self.waits[min(bisect_left(self.sizes, size), len(self.sizes) - 1)]
        return sum(waits) / len(waits) + self.cpu + self.cpu_each * readings


def _at(values: Sequence[float], position: float) -> float:
    return values[int(position * len(values))]


def steady(seconds: float) -> Timing:
    """Invocations that all take as long."""
    return Timing((1,), ((seconds,),))
