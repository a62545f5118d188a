"""What a handler needs of the world: environment, AWS clients, clock and log. Made once a container."""

import os
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics
from botocore.config import Config as ClientConfig

from readings import log, registry, trace
from readings.alert_memory import AlertMemory
from readings.backoff import Backoff
from readings.config import ConfigSource
from readings.registry import Registry
from readings.table import Table

# Three attempts of these timeouts, with botocore's pauses of up to 1 and 2 s, stay below a function's 20 s.
# `max_attempts` would count those after the first:
# https://botocore.amazonaws.com/v1/documentation/api/latest/reference/config.html
# The parameters need no check of botocore's: they are made here, and DynamoDB looks at each again.
CLIENT_CONFIG = ClientConfig(
    connect_timeout=1,
    read_timeout=3,
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=4,
    tcp_keepalive=True,
    parameter_validation=False,
)

# A notification comes last, when little time may be left: two attempts and the pause between take 3 s.
_NOTIFYING = CLIENT_CONFIG.merge(
    ClientConfig(read_timeout=1, retries={"mode": "standard", "total_max_attempts": 2})
)


@dataclass(frozen=True, slots=True)
class Clock:
    """Time and chance. `now` gives milliseconds since the epoch, `jitter` a number from 0 to 1."""

    now: Callable[[], int]
    sleep: Callable[[float], None]
    jitter: Callable[[], float]


@dataclass(frozen=True)
class Services:
    """The outside of a handler; tests make it of their own parts."""

    environment: Mapping[str, str]
    client: Callable[[str], Any]
    clock: Clock
    logger: Logger
    send_trace: trace.Send = trace.send_datagram

    def table(self, key: str, sort_key: str) -> Table:
        """Give the table that the environment names for a key such as `RAW_SENSOR_DATA`."""
        return Table(self.client("dynamodb"), self.environment[f"TABLE_{key}"], sort_key)

    def backoff(self, time_left: Callable[[], float]) -> Backoff:
        """Give the way to wait while there is time left."""
        return Backoff(self.clock.sleep, self.clock.jitter, time_left)

    @cached_property
    def alert_memory(self) -> AlertMemory:
        """What this container remembers of alerts."""
        return AlertMemory()

    @cached_property
    def registry(self) -> Registry:
        """The registry of devices, and what this container has heard from it."""
        return Registry(registry.get, self._api_key, self.clock.now)

    @cached_property
    def metrics(self) -> EphemeralMetrics:
        """The metrics of the invocation that runs; whoever serializes them clears them, too."""
        return EphemeralMetrics(
            namespace=self.environment.get("POWERTOOLS_METRICS_NAMESPACE", "iot-pipeline"),
            service=self.environment.get("POWERTOOLS_SERVICE_NAME", "unknown"),
        )

    @cached_property
    def config(self) -> ConfigSource:
        """The configuration, cached as long as the container lives."""
        name = self.environment.get("PARAMETER_CONFIG") or self.environment["PARAMETER_EVENT_CONFIG"]
        return ConfigSource(lambda: self.client("ssm"), name, self.clock.now)

    def _api_key(self) -> str:
        name = self.environment["PARAMETER_API_KEY"]
        answer = self.client("ssm").get_parameter(Name=name, WithDecryption=True)
        return str(answer["Parameter"]["Value"])


def prepare(*clients: str) -> None:
    """Make clients while Lambda loads the function, which has a whole CPU then; elsewhere do nothing."""
    if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
        for client in clients:
            real().client(client)


@cache
def real() -> Services:
    """Give the services of the container that this runs in."""
    return Services(os.environ, _client, Clock(_now, time.sleep, random.random), log.make())


@cache
def _client(service: str) -> Any:
    import boto3

    settings = _NOTIFYING if service == "sns" else CLIENT_CONFIG
    return boto3.client(service, config=settings)  # type: ignore[call-overload]


def _now() -> int:
    return time.time_ns() // 1_000_000
