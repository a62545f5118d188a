"""What goes wrong in a history, and how often.

Each history has a weather of its own: some kinds of faults, at rates of their own. Histories with every kind
at a middling rate find less: https://www.cs.utah.edu/~regehr/papers/swarm12.pdf
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from zlib import crc32

from iotgen.prove.chance import Chance
from iotgen.prove.kernel import MILLISECOND, MINUTE, SECOND

_RATES = (0.0, 0.02, 0.08, 0.25, 0.5)
_SKEWS = (0, 20 * MILLISECOND, 500 * MILLISECOND)


@dataclass(frozen=True, slots=True)
class Weather:
    """The probability of each fault where it could happen; `skew` is how far clocks differ, in us."""

    throttle: float = 0
    error: float = 0
    unreachable: float = 0
    lost: float = 0
    slow: float = 0
    unprocessed: float = 0
    stale: float = 0
    killed: float = 0
    failed_start: float = 0
    repeated: float = 0
    reordered: float = 0
    client_twice: float = 0
    client_lost: float = 0
    client_gone: float = 0
    gateway_throttle: float = 0
    recycled: float = 0
    config_bad: float = 0
    outage: float = 0
    out_of_memory: float = 0
    hot: float = 0
    skew: int = 0

    @property
    def rates(self) -> Mapping[str, float]:
        """The probabilities of the faults that there are, by their kinds."""
        return {field.name: rate for field in fields(self) if (rate := getattr(self, field.name))}


CALM = Weather()

# Services that may be out for a while, as a whole.
_SERVICES = ("dynamodb", "sqs", "sns", "ssm", "s3")


@dataclass(frozen=True, slots=True)
class Outage:
    """A service that answers no call, from one time to another, in microseconds, and in which way."""

    service: str
    begins: int
    ends: int
    way: str


# It has too many calls; it cannot be reached; somebody took a permission away, or disabled its key of KMS.
_WAYS = ("throttled", "unreachable", "denied")
_LENGTHS = (10 * MINUTE, MINUTE, 20 * SECOND, 5 * SECOND)


def outage(chance: Chance, at: int) -> Outage:
    """An outage of one service that begins soon after a time, so that it meets work under way."""
    service = _SERVICES[chance.below(len(_SERVICES))]
    begins = at + chance.below(100) * 100 * MILLISECOND
    ends = begins + _LENGTHS[chance.below(len(_LENGTHS))]
    return Outage(service, begins, ends, _WAYS[chance.below(len(_WAYS))])


# Partition keys share partitions, by a hash of theirs; each is as hot as all that is in it.
_PARTITIONS = 4


@dataclass(frozen=True, slots=True)
class Heat:
    """A partition of DynamoDB that is throttled from one time to another, for writes, reads, or both.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/throttling-key-range-limit-exceeded-mitigation.html
    """

    partition: int
    begins: int
    ends: int
    writes: bool
    reads: bool

    def meets(self, table: str, key: object, at: int, *, writes: bool) -> bool:
        """Whether a read or a write of a partition key is throttled at a time."""
        return (
            self.begins <= at < self.ends
            and (self.writes if writes else self.reads)
            and crc32(f"{table} {key}".encode()) % _PARTITIONS == self.partition
        )


def heat(chance: Chance, at: int) -> Heat:
    """A partition that gets hot soon after a time."""
    begins = at + chance.below(100) * 100 * MILLISECOND
    ends = begins + _LENGTHS[chance.below(len(_LENGTHS))]
    partition, sort = chance.below(_PARTITIONS), chance.below(3)
    return Heat(partition, begins, ends, writes=sort != 2, reads=sort != 1)


# Where such a fault may happen at each call, a rate that high would leave no history to look at.
_RARE = {
    "killed": 0.1,
    "failed_start": 0.5,
    "lost": 0.5,
    "slow": 0.5,
    "client_gone": 0.3,
    "out_of_memory": 0.5,
}


def weather(chance: Chance) -> Weather:
    """A weather by chance; the harmless choices are a calm one, and so is one in eight."""
    if chance.below(8) == 7:
        return CALM
    rates: dict[str, Any] = {}
    for field in fields(Weather):
        if field.name == "skew":
            rates["skew"] = _SKEWS[chance.below(len(_SKEWS))]
        elif chance.happens(0.4):
            rates[field.name] = _RATES[1 + chance.below(len(_RATES) - 1)] * _RARE.get(field.name, 1)
    return Weather(**rates)
