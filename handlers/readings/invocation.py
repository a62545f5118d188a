"""One invocation: its time, its counts, and the one line that it leaves in the log.

The line is at once CloudWatch's embedded metric format, so that metrics cost no line of their own.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Protocol
from uuid import uuid4

from aws_lambda_powertools.metrics import MetricUnit

from readings import aws_errors, log, trace
from readings.backoff import Backoff
from readings.config import Config
from readings.named import Named
from readings.services import Services

# Left for the answer and the log line.
_RESERVE_SECONDS = 1.5
_MOST_FAULTS = 5
_LONGEST_MESSAGE = 300

METRICS = {
    "accepted": "ReadingsAccepted",
    "rejected": "ReadingsRejected",
    "processed": "ReadingsProcessed",
    "errors": "ProcessingErrors",
    "alerts": "AlertsPublished",
    "config_errors": "ConfigErrors",
    "registry_errors": "RegistryErrors",
}


class Names(Protocol):
    """What names a reading: of itself, or of a crossing of it."""

    @property
    def device_id(self) -> str:
        """The device's id."""

    @property
    def event_id(self) -> str:
        """The event's id, or a digest of its content."""


class Invocation:
    """Counts what happens while a function runs."""

    def __init__(self, services: Services, context: Any) -> None:
        self.services = services
        self.id = uuid4().hex
        self.started = services.clock.now()
        self.counts: Counter[str] = Counter()
        self._context = context
        self._faults: list[dict[str, str]] = []
        self._notes: dict[str, Any] = {}
        self._handled = Named()
        self._rejected = Named()
        self._notified = Named()
        self._batch = 0

    @property
    def backoff(self) -> Backoff:
        """How to wait while there is time left."""
        return self.services.backoff(self.time_left)

    def time_left(self) -> float:
        """Give the seconds that work may still take."""
        return float(self._context.get_remaining_time_in_millis()) / 1000 - _RESERVE_SECONDS

    def ends_at(self) -> int:
        """Give when Lambda ends this invocation at the latest, in milliseconds since the epoch."""
        return self.services.clock.now() + int(self._context.get_remaining_time_in_millis())

    def config(self) -> Config:
        """Give the configuration in force; one that cannot be read is counted."""
        return self.services.config.get(self._config_failed)

    def count(self, name: str, amount: int = 1) -> None:
        """Add to a count; the names in METRICS are metrics too."""
        self.counts[name] += amount

    def handle(self, readings: Iterable[Names]) -> None:
        """Take down for the trace and the log which readings this invocation is about."""
        for reading in readings:
            self._batch += 1
            self._handled.add(reading.device_id, reading.event_id)

    def reject(self, document: Any) -> None:
        """Take down for the log which document is no reading that can be taken, by its ids alone."""
        self._rejected.add_document(document)

    def notify(self, readings: Iterable[Names]) -> None:
        """Take down for the log which readings were notified of."""
        for reading in readings:
            self._notified.add(reading.device_id, reading.event_id)

    def note(self, **notes: Any) -> None:
        """Add to the log line. Nothing personal and no secret may go in here."""
        self._notes |= notes

    def refuse(self, code: str) -> None:
        """Take down why a request was refused."""
        self.note(refused=code)

    def fault(self, error: Exception) -> None:
        """Count an error of processing, and take down where it came from."""
        self.count("errors")
        if len(self._faults) < _MOST_FAULTS:
            self._faults.append(_describe(error))

    def report(self) -> None:
        """Annotate the trace, and write the log line with the counts as metrics."""
        services, now = self.services, self.services.clock.now()
        if self._batch:
            devices = self._handled.by_device
            device = next(iter(devices)) if len(devices) == 1 else "several"
            annotations: dict[str, str | int] = {"device": device, "batch": self._batch}
            trace.annotate(services.environment, annotations, self.started, now, services.send_trace)
        fields = {
            **self._notes,
            **_naming("readings", self._handled),
            **_naming("rejected_readings", self._rejected),
            **_naming("notified", self._notified),
            "counts": dict(self.counts),
            "duration_ms": now - self.started,
            "request_id": getattr(self._context, "aws_request_id", None),
            **({"faults": self._faults} if self._faults else {}),
        }
        failed = self._faults or self.counts["config_errors"]
        log.write(services.logger, logging.ERROR if failed else logging.INFO, fields, self._embedded())

    def _embedded(self) -> dict[str, Any]:
        """Give the counts as metrics in CloudWatch's format; nothing where none of them counts."""
        counted = {metric: self.counts[name] for name, metric in METRICS.items() if self.counts[name]}
        if not counted:
            return {}
        metrics = self.services.metrics
        for metric, count in counted.items():
            metrics.add_metric(metric, MetricUnit.Count, count)
        embedded = dict(metrics.serialize_metric_set())
        metrics.clear_metrics()
        return embedded

    def _config_failed(self, error: Exception) -> None:
        self.count("config_errors")
        self.note(config_error=f"{type(error).__name__}: {error}"[:_LONGEST_MESSAGE])


@contextmanager
def running(services: Services, context: Any) -> Iterator[Invocation]:
    """Account for one invocation, whatever comes of it."""
    invocation = Invocation(services, context)
    try:
        yield invocation
    except Exception as error:
        invocation.fault(error)
        raise
    finally:
        invocation.report()


def _naming(field: str, named: Named) -> dict[str, Any]:
    """Give the fields of the line that name readings."""
    return {
        **({field: named.by_device} if named.by_device else {}),
        **({f"{field}_unnamed": named.others} if named.others else {}),
    }


def _describe(error: Exception) -> dict[str, str]:
    described = {"type": type(error).__name__, "at": _place(error.__traceback__)}
    # AWS's messages name resources and actions; those of other errors may hold a reading.
    if code := aws_errors.code(error):
        described |= {"code": code, "message": str(error)[:_LONGEST_MESSAGE]}
    return described


def _place(traceback: TracebackType | None) -> str:
    """Give the file and line that raised; the standard library's `traceback` reads source files for it."""
    if traceback is None:
        return ""
    while traceback.tb_next:
        traceback = traceback.tb_next
    return f"{traceback.tb_frame.f_code.co_filename.rpartition('/')[2]}:{traceback.tb_lineno}"
