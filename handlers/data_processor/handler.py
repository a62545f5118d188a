"""Readings into processed data, by two ways: messages of the queue, and POST /process."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from readings import alerts, answer, batch, clock_skew, exact_json, first_arrival, http, intake, items, queue
from readings.aws_errors import BusyError
from readings.config import Registry
from readings.invocation import Invocation, running
from readings.reading import Reading, ReadingError, from_message
from readings.services import Services, prepare, real
from readings.table import Key, Table
from readings.thresholds import Crossing

prepare("dynamodb", "ssm")

# Written and accounted for together, so that work done stays done when the time is up.
_GROUP_READINGS = 500
# An answer repeats the request, and is bound to 6 MB as well.
_PROCESS_BODY_BYTES = 3 * 1024 * 1024

_UNKNOWN = "the configuration was not read yet: the readings are stored, their alerts are not judged"


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the queue: its readings, and the documents in it that are none, each with the reason.

    `crossings` is None where the thresholds are not known.
    """

    id: str
    readings: Sequence[Reading]
    rejected: Sequence[tuple[Any, str]]
    crossings: Sequence[Crossing] | None


def handler(event: Mapping[str, Any], context: Any) -> Mapping[str, Any]:
    """Take messages from SQS, or answer API Gateway."""
    return process(event, context, real())


def process(event: Mapping[str, Any], context: Any, services: Services) -> Mapping[str, Any]:
    """Handle one event with the services given."""
    with running(services, context) as invocation:
        if "httpMethod" in event:
            return http.respond(event, invocation, lambda: _answer(event, invocation))
        records = event.get("Records")
        if records and all(record.get("eventSource") == "aws:sqs" for record in records):
            return _consume(records, invocation)
        raise ValueError("the event is neither of SQS nor of API Gateway")


def _answer(event: http.Event, invocation: Invocation) -> Mapping[str, Any]:
    config = invocation.config()
    body = http.document(event, min(config.limits.body_bytes, _PROCESS_BODY_BYTES))
    documents, is_batch = http.readings(body, config.limits.readings)
    rejected: list[intake.Rejection] = []
    if is_batch:
        readings, rejected = intake.take(documents, invocation)
        invocation.count("rejected", len(rejected))
    else:
        readings = [intake.take_one(documents[0], invocation)]
    _check_answer(readings, rejected, len(event["body"]), invocation)
    table = _table(invocation)
    readings = first_arrival.settle(readings, table, config, invocation.time_left)
    crossings = alerts.crossed(readings, invocation)
    stored, failed = _store(readings, invocation, alerts.time_for_rows(crossings or (), invocation))
    stored_crossings = [crossing for crossing in crossings or () if crossing.reading not in failed]
    for error in (failed | alerts.notify(stored_crossings, table, invocation, returning=False)).values():
        raise error
    if crossings is None:
        raise BusyError(_UNKNOWN)
    shown = [items.shown(item) for item in stored]
    return {"count": len(shown), "items": shown, **({"rejected": rejected} if is_batch else {})}


def _consume(records: Sequence[Mapping[str, Any]], invocation: Invocation) -> Mapping[str, Any]:
    """Process messages; give SQS those that have to come back, and no others.

    All readings are stored before the first alert goes out: rows do not wait for alerts.
    """
    messages = _unpack_all(records, invocation)
    crossings = [crossing for message in messages for crossing in message.crossings or ()]
    time_left = alerts.time_for_rows(crossings, invocation)
    handled: list[Message] = []
    failed: dict[Key, Exception] = {}
    for group in _groups(messages):
        of_group, failed_of_group = _settle(group, invocation, time_left)
        handled += of_group
        failed |= failed_of_group
    stored_crossings = [
        crossing
        for message in handled
        for crossing in message.crossings or ()
        if crossing.reading not in failed
    ]
    failed |= alerts.notify(stored_crossings, _table(invocation), invocation, returning=True)
    done = {message.id for message in handled if _is_done(message, failed, invocation)}
    back = [record["messageId"] for record in records if record["messageId"] not in done]
    invocation.note(messages=len(records), failed_messages=len(back))
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in back]}


def _unpack_all(records: Sequence[Mapping[str, Any]], invocation: Invocation) -> list[Message]:
    messages = []
    # Those that came back most often first, lest they run out of attempts while others use up the time.
    for record in sorted(records, key=_receive_count, reverse=True):
        try:
            messages.append(_unpack(record, invocation))
        except (exact_json.JsonError, ReadingError) as error:
            body = queue.Unreadable(record["body"])
            messages.append(Message(record["messageId"], (), [(body, str(error))], ()))
        except Exception as error:  # one message must not hold up the others: this one comes back
            invocation.fault(error)
    return messages


def _unpack(record: Mapping[str, Any], invocation: Invocation) -> Message:
    config = invocation.config()
    body = exact_json.loads(record["body"])
    documents = batch.documents(body)
    if documents is None and isinstance(body, dict):
        documents = [body]
    if not documents:
        raise ReadingError("the message holds no readings")
    sent_at = int(record.get("attributes", {}).get("SentTimestamp", invocation.started))
    readings, rejected = [], []
    for document in documents:
        try:
            reading = from_message(document, sent_at)
            readings.append(clock_skew.flag(reading, config.clock))
        except ReadingError as error:
            rejected.append((document, error.reason))
            invocation.reject(document)
    # What no ingestion has settled: AWS IoT may hand on a message twice, and a dead letter that is redriven
    # is a new message, with another time of sending.
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
    readings = first_arrival.settle(readings, _table(invocation), config, invocation.time_left)
    return Message(record["messageId"], readings, rejected, alerts.crossed(readings, invocation))


def _settle(
    group: Sequence[Message], invocation: Invocation, time_left: Callable[[], float]
) -> tuple[Sequence[Message], dict[Key, Exception]]:
    """Store a group of messages; give those that were handled, and their readings that are not stored."""
    if time_left() <= 0:
        invocation.count("postponed", len(group))
        return (), {}
    try:
        readings = [reading for message in group for reading in message.readings]
        unkept = _keep_raw(readings, invocation, time_left)
        _, failed = _store(readings, invocation, time_left)
        failed |= unkept
    except Exception as error:  # one message must not hold up the others, whatever is wrong with it
        if len(group) == 1:
            invocation.fault(error)
            return (), {}
        apart = [_settle([message], invocation, time_left) for message in group]
        return (
            [message for handled, _ in apart for message in handled],
            {key: error for _, failed in apart for key, error in failed.items()},
        )
    return group, failed


def _is_done(message: Message, failed: Mapping[Key, Exception], invocation: Invocation) -> bool:
    """Whether a message may be deleted. Its bad readings go to the dead-letter queue last.

    So they go there once, unless SQS takes some of them and not others, or its answer is lost.
    """
    if message.crossings is None:
        invocation.fault(BusyError(_UNKNOWN))
        return False
    for reading in message.readings if failed else ():
        if error := failed.get(reading.key):
            invocation.fault(error)
            return False
    if not message.rejected:
        return True
    services = invocation.services
    try:
        rejections = [queue.rejection(document, reason, message.id) for document, reason in message.rejected]
        url = services.environment["DEAD_LETTER_QUEUE_IOT_INGESTION"]
        queue.send(services.client("sqs"), url, rejections, invocation.backoff)
    except Exception as error:  # the message comes back, and with it the readings
        invocation.fault(error)
        return False
    invocation.count("rejected", len(rejections))
    invocation.count("errors", len(rejections))
    return True


def _store(
    readings: Sequence[Reading], invocation: Invocation, time_left: Callable[[], float]
) -> tuple[list[dict[str, Any]], dict[Key, Exception]]:
    """Transform and store readings; give the items, and the readings that failed, with the reason.

    Readings go by `Reading.key` here, whatever the key of the table.
    """
    invocation.handle(readings)
    table, config = _table(invocation), invocation.config()
    made = [
        items.processed(
            reading,
            invocation.started,
            _facts(reading, config.registry, invocation),
            config.retention_days,
        )
        for reading in readings
    ]
    unwritten = table.put_all(made, invocation.services.backoff(time_left))
    failed = {
        reading.key: error
        for reading, item in zip(readings, made, strict=True)
        if (error := unwritten.get(table.key(item)))
    }
    invocation.count("processed", len(readings) - len(failed))
    return made, failed


def _keep_raw(
    readings: Sequence[Reading], invocation: Invocation, time_left: Callable[[], float]
) -> dict[Key, Exception]:
    """Store readings as they came, where no ingestion has done so; give those that failed."""
    readings = [reading for reading in readings if not reading.ingested]
    table = _raw_table(invocation) if readings else None
    if table is None:
        return {}
    days = invocation.config().retention_days
    made = [items.raw(reading, days) for reading in readings]
    return table.put_all(made, invocation.services.backoff(time_left))


def _raw_table(invocation: Invocation) -> Table | None:
    """The table of readings as they came: this function has it where they reach it without ingestion."""
    name = invocation.services.environment.get("TABLE_RAW_SENSOR_DATA")
    return Table(invocation.services.client("dynamodb"), name, "timestamp") if name else None


def _table(invocation: Invocation) -> Table:
    return invocation.services.table("PROCESSED_DATA", "event_date")


def _check_answer(
    readings: Sequence[Reading],
    rejected: Sequence[intake.Rejection],
    body_length: int,
    invocation: Invocation,
) -> None:
    """Raise RequestError where the answer would be too large, before anything is stored."""
    registry = invocation.config().registry
    if answer.is_small(body_length, len(readings) + len(rejected), has_facts=registry.url is not None):
        return
    made = (
        items.processed(reading, invocation.started, _facts(reading, registry, invocation))
        for reading in readings
    )
    answer.check(answer.written(made), answer.written(rejected))


def _facts(reading: Reading, settings: Registry, invocation: Invocation) -> Mapping[str, Any] | None:
    if settings.url is None:
        return None
    return invocation.services.registry.facts(
        reading.device_id, settings, invocation.time_left, lambda _: invocation.count("registry_errors")
    )


def _groups(messages: Sequence[Message]) -> Iterator[list[Message]]:
    group: list[Message] = []
    size = 0
    for message in messages:
        group.append(message)
        size += len(message.readings)
        if size >= _GROUP_READINGS:
            yield group
            group, size = [], 0
    if group:
        yield group


def _receive_count(record: Mapping[str, Any]) -> int:
    return int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))
