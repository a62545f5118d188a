"""Containers of the processor on a virtual clock: invoked again and again, ended when their time is up."""

import io
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from data_processor.handler import process
from readings import log
from readings.services import Clock, Services

from tests.bench.account import read_specs
from tests.bench.memory_aws import Client, MemoryAws

START = 1_700_000_000_000  # milliseconds since the epoch
ENVIRONMENT = {
    "TABLE_PROCESSED_DATA": "processed-data-bench",
    "TOPIC_DEVICE_ALERTS": "arn:aws:sns:us-east-1:123456789012:device-alerts-bench",
    "PARAMETER_CONFIG": "config-bench",
}
_RENDERED = Path(__file__).parent.parent / "golden/pipeline-dev/expected"
_NUMBERS = itertools.count()


@dataclass(frozen=True)
class Settings:
    """What the reference pipeline sets for the processor and its queue; `pollers` are the queue's share."""

    timeout: float
    concurrency: int
    pollers: int
    batch_size: int
    visibility_seconds: float
    max_receives: int


@cache
def settings() -> Settings:
    """Read them from the spec, and its defaults from what is rendered."""
    functions = _resources("functions")
    function = functions["aws_lambda_function"]["data_processor"]
    [mapping] = functions["aws_lambda_event_source_mapping"].values()
    [pipeline, _] = read_specs()
    return Settings(
        function["timeout"],
        function["reserved_concurrent_executions"],
        mapping["scaling_config"]["maximum_concurrency"],
        mapping["batch_size"],
        _resources("queues")["aws_sqs_queue"]["iot_ingestion"]["visibility_timeout_seconds"],
        pipeline.data["queues"]["iot-ingestion"]["max_receives"],
    )


class Container:
    """One container, which keeps its configuration and its memory of alerts."""

    def __init__(self, aws: MemoryAws) -> None:
        self.calls: list[str] = []
        self._time, self._deadline = aws.time, 0.0
        client = Client(aws, lambda: self._deadline, self.calls)
        clock = Clock(lambda: START + int(aws.time.now * 1000), aws.time.sleep, lambda: 1.0)
        logger = log.make(service=f"bench-{next(_NUMBERS)}", stream=io.StringIO())
        self._services = Services(ENVIRONMENT, lambda _: client, clock, logger)

    def invoke(self, event: Mapping[str, Any]) -> Any:
        """Call the handler; memory_aws.Killed when it takes longer than it may."""
        self._deadline = self._time.now + settings().timeout
        context = SimpleNamespace(
            get_remaining_time_in_millis=lambda: int((self._deadline - self._time.now) * 1000),
            aws_request_id="bench",
        )
        return process(event, context, self._services)


def sqs_event(messages: Sequence[Any]) -> dict[str, Any]:
    """Make the poller's event of messages."""
    return {
        "Records": [
            {
                "messageId": message.id,
                "body": message.body,
                "eventSource": "aws:sqs",
                "attributes": {
                    "ApproximateReceiveCount": str(message.receives),
                    "SentTimestamp": str(START),
                },
            }
            for message in messages
        ]
    }


def _resources(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_RENDERED / f"{name}.tf.json").read_text("utf-8"))["resource"]
    return found
