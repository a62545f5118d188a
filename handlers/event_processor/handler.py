"""New objects of the bucket into sensor events: valid readings are stored, others put aside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError
from readings import alerts, aws_errors, clock_skew, first_arrival, items
from readings.aws_errors import BusyError
from readings.invocation import Invocation, running
from readings.notification import ObjectVersion, created
from readings.object_content import Entry, entries
from readings.reading import Reading, ReadingError, read
from readings.rejects import Rejects
from readings.services import Services, prepare, real
from readings.table import Table
from readings.thresholds import Crossing

prepare("dynamodb", "s3", "ssm")

# Written together, and notified of together at the end: both bound the memory for an object of any size.
_CHUNK_READINGS = 500
_MOST_CROSSINGS = 10_000


def handler(event: Mapping[str, Any], context: Any) -> Mapping[str, int]:
    """Take a notification of S3."""
    return process(event, context, real())


def process(event: Mapping[str, Any], context: Any, services: Services) -> Mapping[str, int]:
    """Handle one event with the services given.

    An error leaves the event to Lambda, which retries it twice and then sends it to the dead-letter queue;
    what was stored before is stored again, as the same rows. Raise ValueError for an event of another kind.
    """
    with running(services, context) as invocation:
        for version in created(event):
            _process_object(version, invocation)
        return dict(invocation.counts)


def _process_object(version: ObjectVersion, invocation: Invocation) -> None:
    services = invocation.services
    try:
        response = services.client("s3").get_object(**version.request())
    except ClientError as error:
        # S3 reports it only to callers that may list the bucket; others get a 403 like any other.
        if aws_errors.code(error) not in ("NoSuchKey", "NoSuchVersion"):
            raise
        invocation.count("missing")  # deleted before its turn came: there is nothing left to process
        return
    received_at = int(response["LastModified"].timestamp()) * 1000
    batch = ObjectReadings(version, received_at, invocation)
    try:
        for entry in entries(response["Body"], response["ContentLength"]):
            batch.take(entry)
        batch.finish()
    finally:
        batch.alert()
    if batch.unalerted:
        raise batch.unalerted
    invocation.count("objects")


@dataclass(slots=True)
class ObjectReadings:
    """The readings of one object on their way into the table, a chunk at a time."""

    version: ObjectVersion
    received_at: int
    invocation: Invocation
    waiting: list[tuple[Reading, dict[str, Any]]] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    unalerted: Exception | None = None
    rejects: Rejects = field(init=False)

    def __post_init__(self) -> None:
        s3 = self.invocation.services.client("s3")
        self.rejects = Rejects(s3, self.version)

    def take(self, entry: Entry) -> None:
        """Take one entry of the object, a reading or not."""
        try:
            reading = self._read(entry)
        except ReadingError as error:
            self.rejects.add(entry, error.reason)
            self.invocation.reject(entry.document)
            self.invocation.count("rejected")
            self.invocation.count("errors")
            return
        self.waiting.append((reading, self.version.metadata(entry.number)))
        if len(self.waiting) >= _CHUNK_READINGS:
            self._store()

    def finish(self) -> None:
        """Store or reject the rest."""
        self._store()
        self.rejects.flush()

    def _read(self, entry: Entry) -> Reading:
        if entry.problem:
            raise ReadingError(entry.problem)
        config = self.invocation.config()
        reading = read(entry.document, self.received_at, config.limits.reading_bytes)
        return clock_skew.judge(reading, config.clock)

    def alert(self) -> None:
        """Alert of what was stored; what goes wrong is left in `unalerted`."""
        pending, self.crossings = self.crossings, []
        for error in alerts.notify(pending, self._table, self.invocation, returning=True).values():
            self.unalerted = self.unalerted or error

    @property
    def _table(self) -> Table:
        return self.invocation.services.table("SENSOR_EVENTS", "timestamp")

    def _store(self) -> None:
        invocation, table = self.invocation, self._table
        config = invocation.config()
        readings = [reading for reading, _ in self.waiting]
        crossings = alerts.crossed(readings, invocation)
        if crossings is None:
            self.unalerted = BusyError("the configuration was not read yet: no alert can be judged")
        # An untimed reading crosses at the time that it is given here.
        time_left = alerts.time_for_rows([*self.crossings, *(crossings or ())], invocation)
        readings = first_arrival.settle(readings, table, config, time_left)
        invocation.handle(readings)
        made = [
            items.event(reading, invocation.started, metadata, config.retention_days)
            for reading, (_, metadata) in zip(readings, self.waiting, strict=True)
        ]
        for error in table.put_all(made, invocation.services.backoff(time_left)).values():
            raise error
        self.crossings += (alerts.crossed(readings, invocation) or ()) if crossings else ()
        if len(self.crossings) >= _MOST_CROSSINGS:
            self.alert()
        invocation.count("processed", len(readings))
        self.waiting = []
