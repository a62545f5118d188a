"""What a load runs through: a pipeline's shape, the throttle of its API, and how long everything takes."""

from collections.abc import Mapping
from dataclasses import dataclass

from iotgen.kinds.endpoints import Api, endpoints_of
from iotgen.model.pipeline import Pipeline
from iotgen.prove.load.assumed import DEFAULTS, Assumed
from iotgen.prove.load.timing import Timing
from iotgen.prove.shape import FunctionShape, Shape

# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
_ACCOUNT_RATE, _ACCOUNT_BURST = 10_000, 5_000
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
ACCOUNT_CONCURRENCY = 1000


@dataclass(frozen=True)
class Throttle:
    """Requests a second that API Gateway lets through, and how many at once."""

    rate: int
    burst: int


ACCOUNT_THROTTLE = Throttle(_ACCOUNT_RATE, _ACCOUNT_BURST)


@dataclass(frozen=True)
class Plant:
    """A pipeline as a load meets it. `throttles` are by an endpoint's path, `timings` by a function's key."""

    shape: Shape
    throttles: Mapping[str, Throttle]
    timings: Mapping[str, Timing]
    assumed: Assumed

    @property
    def functions(self) -> dict[str, FunctionShape]:
        """The functions by key."""
        return {one.key: one for one in self.shape.functions}

    @property
    def writes(self) -> dict[str, int]:
        """The writes a second that tables have a capacity for, by their keys."""
        return {one.key: one.writes for one in self.shape.tables if one.writes}

    @property
    def unreserved(self) -> int:
        """The concurrent executions of an account that functions without a reservation share."""
        return max(0, ACCOUNT_CONCURRENCY - sum(one.reserved or 0 for one in self.shape.functions))


def plant_of(
    pipeline: Pipeline, shape: Shape, timings: Mapping[str, Timing], assumed: Assumed = DEFAULTS
) -> Plant:
    """The plant of a pipeline whose functions take so long."""
    throttles = {
        f"/{one.route}": Throttle(one.rate, one.burst or one.rate)
        for one in (endpoints_of(pipeline) if pipeline.one(Api) else ())
        if one.rate is not None
    }
    return Plant(shape, throttles, timings, assumed)
