"""The account: AWS's services in one place, and what a call meets on its way there and back."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from greenlet import GreenletExit

from iotgen.prove.aws.dynamodb import DynamoDb, Table
from iotgen.prove.aws.errors import RETRIED, Unsimulated, refusal
from iotgen.prove.aws.kinesis import Kinesis, Stream
from iotgen.prove.aws.s3 import S3, Bucket
from iotgen.prove.aws.sns import Sns, Topic
from iotgen.prove.aws.sqs import Queue, Sqs
from iotgen.prove.aws.ssm import Ssm
from iotgen.prove.chance import Chance
from iotgen.prove.kernel import MILLISECOND, SECOND, Kernel, current
from iotgen.prove.shape import Shape
from iotgen.prove.weather import CALM, Heat, Outage, Weather

# 2026-01-05, a Monday, at 10:00 UTC.
EPOCH = 1_767_607_200

# How a service says that there is too much: each of them in its own word.
_THROTTLES = {
    "dynamodb": "ProvisionedThroughputExceededException",
    "sqs": "RequestThrottled",
    "s3": "SlowDown",
}
# And how it says that somebody may not do something.
# https://docs.aws.amazon.com/botocore/latest/reference/services/sns/client/exceptions/AuthorizationErrorException.html
_DENIALS = {"sqs": "AccessDenied", "s3": "AccessDenied", "sns": "AuthorizationError"}
_CONNECT_SECONDS = 1.0
# How long a call takes, in milliseconds; one that is slow, a hundred times as long.
_LATENCIES = (5, 2, 3, 4, 6, 8, 12, 20)
_SLOW = 100
_LAGS = (200 * MILLISECOND, 50 * MILLISECOND, SECOND)

Told = Callable[[str, str], None]


class Account:
    """An account with the resources of a pipeline."""

    def __init__(self, shape: Shape, kernel: Kernel, chance: Chance, weather: Weather, tell: Told) -> None:
        self.shape, self.kernel, self.chance, self.weather, self.tell = shape, kernel, chance, weather, tell
        self._rates = weather.rates
        self.met: Counter[str] = Counter()
        self.outage: Outage | None = None
        self.calls = 0
        self._numbers = 0
        # How long a call of a service takes, in microseconds.
        self.latency: Callable[[str], int] = self._usual
        self.queues = {
            one.key: Queue(one.name, one.url, one.arn, one.visibility, one.max_receives)
            for one in shape.queues
        }
        for one in shape.queues:
            self.queues[one.key].dead_letters = self.queues.get(one.dead_letters or "")
        self.tables = {one.name: Table(one.name, one.attributes, one.indexes) for one in shape.tables}
        self.topics = {one.arn: Topic(one.arn) for one in shape.topics}
        self.streams = {one.name: Stream(one.name) for one in shape.streams}
        self.buckets = {one.name: Bucket(one.name, one.versioned) for one in shape.buckets}
        self.parameters = Ssm({one.name: one.value for one in shape.parameters})
        self._dynamodb = DynamoDb(self.tables, self._now, self._lag, lambda: self.meets("unprocessed"))
        self._services: dict[str, Any] = {
            "dynamodb": self._dynamodb,
            "sqs": Sqs(
                {queue.url: queue for queue in self.queues.values()},
                self._now,
                self.number,
                lambda: self.meets("unprocessed"),
            ),
            "sns": Sns(self.topics, self._now, self.number),
            "ssm": self.parameters,
            "kinesis": Kinesis(self.streams, self._now, lambda: self.meets("unprocessed")),
            "s3": S3(self.buckets, self._now, self.number, EPOCH),
        }

    def number(self) -> str:
        """An id that nothing else has."""
        self._numbers += 1
        return f"{self._numbers:08x}-0000-4000-8000-000000000000"

    def spoil(self, parameter: str) -> None:
        """Let a parameter have a value that nobody can use."""
        self.tell("somebody", f"sets {parameter} to a text that is no JSON")
        self.met["config_bad"] += 1
        self.parameters.values[parameter] = "{"

    def heat_up(self, heat: Heat) -> None:
        """Let a partition of the tables be hot for a while."""

        def is_hot(table: str, key: tuple[str, object], writes: bool) -> bool:
            if not heat.meets(table, key, self.kernel.now, writes=writes):
                return False
            self.met["hot"] += 1
            self.tell("DynamoDB", f"throttles the partition of {key[1]} in {table}")
            return True

        self._dynamodb.is_hot = is_hot

    def calm(self) -> None:
        """End all faults, and give the parameters their first values again."""
        self.weather, self.outage, self._dynamodb.is_hot = CALM, None, None
        self._rates = CALM.rates
        self.parameters.values.update({one.name: one.value for one in self.shape.parameters})

    def meets(self, fault: str) -> bool:
        """Whether a fault happens here."""
        probability = self._rates.get(fault)
        if probability is None or not self.chance.happens(probability):
            return False
        self.met[fault] += 1
        return True

    def refuses(self, service: str) -> bool:
        """Whether a service takes nothing from another one now."""
        return bool(self._way_out(service)) or self.meets("throttle") or self.meets("error")

    def perform(self, service: str, operation: str, given: Mapping[str, Any]) -> Any:
        """What an operation does, at once."""
        methods = self._services.get(service)
        method = getattr(methods, operation, None)
        if method is None:
            raise Unsimulated(f"`{operation}` of {service} is not simulated")
        return method(**given)

    def call(
        self, service: str, operation: str, given: Mapping[str, Any], attempts: int, timeout: float, who: Any
    ) -> Any:
        """A call of a handler's with all that may befall it, and botocore's own attempts.

        `who` is the invocation: it may be killed between any two calls.
        """
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._attempt(service, operation, given, timeout, who)
            except Exception as error:
                if attempt >= attempts or not _is_retried(error):
                    raise
            # https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
            self.kernel.sleep(int(self.chance.fraction() * min(20, 2 ** (attempt - 1)) * SECOND))

    def _attempt(
        self, service: str, operation: str, given: Mapping[str, Any], timeout: float, who: Any
    ) -> Any:
        if current().dead:
            raise GreenletExit
        self.calls += 1
        who.calls += 1
        if who.calls == who.runs_out_at:
            who.run_out()
        self._before(service, operation, who)
        # The effect comes first as often as the waiting: so others get between a look at the clock and it.
        if self.chance.below(4) == 3:
            self.kernel.sleep(MILLISECOND)
        self.tell(who.name, f"{service}.{operation}")
        try:
            answer = self.perform(service, operation, given)
        except Exception:
            self.kernel.sleep(self.latency(service))
            raise
        if self.meets("lost"):
            self.tell(who.name, f"the answer to {service}.{operation} is lost")
            self.kernel.sleep(int(timeout * SECOND))
            raise ReadTimeoutError(endpoint_url=f"https://{service}.invalid")
        self.kernel.sleep(self.latency(service))
        if self.meets("killed"):
            who.kill("killed")
        return answer

    def _before(self, service: str, operation: str, who: Any) -> None:
        """The faults that leave no effect."""
        if self.meets("killed"):
            who.kill("killed")
        way = self._way_out(service)
        if self.meets("unreachable") or way == "unreachable":
            self.tell(who.name, f"{service}.{operation} cannot be reached")
            self.kernel.sleep(int(_CONNECT_SECONDS * SECOND))
            raise EndpointConnectionError(endpoint_url=f"https://{service}.invalid")
        if way == "denied":
            self.tell(who.name, f"{service}.{operation} is denied")
            self.kernel.sleep(self.latency(service))
            raise refusal(operation, _DENIALS.get(service, "AccessDeniedException"), "Access denied", 403)
        if self.meets("throttle") or way:
            self.tell(who.name, f"{service}.{operation} is throttled")
            self.kernel.sleep(self.latency(service))
            raise refusal(operation, _THROTTLES.get(service, "ThrottlingException"), "Rate exceeded")
        if self.meets("error"):
            self.tell(who.name, f"{service}.{operation} fails on AWS's side")
            self.kernel.sleep(self.latency(service))
            raise refusal(operation, "InternalServerError", "We encountered an internal error", 500)

    def _way_out(self, service: str) -> str:
        """In which way a service is out; empty where it is not."""
        out = self.outage
        if out is None or service != out.service or not out.begins <= self.kernel.now < out.ends:
            return ""
        self.met["denied" if out.way == "denied" else "outage"] += 1
        return out.way

    def _usual(self, _service: str) -> int:
        slow = _SLOW if self.meets("slow") else 1
        return _LATENCIES[self.chance.below(len(_LATENCIES))] * slow * MILLISECOND

    def _lag(self) -> int:
        return _LAGS[self.chance.below(len(_LAGS))] if self.meets("stale") else 0

    def _now(self) -> int:
        return self.kernel.now


def _is_retried(error: Exception) -> bool:
    if isinstance(error, (EndpointConnectionError, ReadTimeoutError)):
        return True
    response = getattr(error, "response", None)
    if not response:
        return False
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return response["Error"]["Code"].rpartition(".")[2] in RETRIED or status >= 500
