"""What is assumed of AWS's speed: no page promises it, so it is printed with each answer, and can be set."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType

# The 99th percentile of a standard normal distribution.
_P99 = 2.326
_SHAPE = re.compile(r"([a-z0-9]+)=(\d{1,6}(?:\.\d{1,3})?)ms(?:/(\d{1,6}(?:\.\d{1,3})?)ms)?")


@dataclass(frozen=True)
class Spread:
    """A lognormal distribution of times, in milliseconds."""

    p50: float
    p99: float

    def draw(self, random: Random) -> float:
        """A time in seconds."""
        sigma = math.log(self.p99 / self.p50) / _P99 if self.p50 else 0.0
        return self.p50 * math.exp(sigma * random.gauss(0, 1)) / 1000


Assumed = Mapping[str, Spread]

# Calls by service, as a function sees them within a region; the start of a container with its imports; a
# poller's receive; a rule of AWS IoT or S3's notification; CPU on a whole vCPU, of an invocation and of each
# reading in it, as `scripts/bench calls` measured it for the reference handlers, doubled.
DEFAULTS: Assumed = MappingProxyType(
    {
        "dynamodb": Spread(5, 25),
        "sqs": Spread(8, 40),
        "sns": Spread(15, 75),
        "s3": Spread(25, 150),
        "ssm": Spread(10, 50),
        "start": Spread(700, 2000),
        "poll": Spread(20, 100),
        "notify": Spread(50, 1000),
        "invocation": Spread(3.5, 10),
        "reading": Spread(0.25, 0.25),
    }
)


def assumed(settings: Iterable[str]) -> Assumed:
    """The assumptions with some set, as `dynamodb=5ms` or `dynamodb=5ms/40ms`; ValueError with the reason."""
    found = dict(DEFAULTS)
    for setting in settings:
        match = _SHAPE.fullmatch(setting)
        if not match or match[1] not in DEFAULTS:
            names = ", ".join(DEFAULTS)
            message = f"{setting!r} is not a time such as dynamodb=5ms or dynamodb=5ms/40ms"
            raise ValueError(f"{message}; it may be of {names}")
        p50 = float(match[2])
        before = DEFAULTS[match[1]]
        tail = before.p99 / before.p50
        p99 = float(match[3]) if match[3] else p50 * tail
        if p99 < p50:
            raise ValueError(f"{setting!r} has a p99 below its median")
        found[match[1]] = Spread(p50, p99)
    return found
