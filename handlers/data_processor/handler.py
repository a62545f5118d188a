"""Readings into processed data, by two ways: messages of the queue, and POST /process."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from readings import answer, batch, clock_skew, exact_json, first_arrival, http, intake, items, queue
from readings.alerts import Alerts
from readings.config import Registry
from readings.invocation import Invocation, running
from readings.reading import Reading, ReadingError, from_message
from readings.services import Services, prepare, real
from readings.table import Key

prepare("dynamodb", "ssm")

# Written, notified and accounted for together, so that work done stays done when the time is up.
_GROUP_READINGS = 500
# An answer repeats the request, and is bound to 6 MB as well.
_PROCESS_BODY_BYTES = 3 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the queue: its readings, and the documents in it that are none, each with the reason."""

    id: str
    readings: Sequence[Reading]
    rejected: Sequence[tuple[Any, str]]


def handler(event: Mapping[str, Any], context: Any) -> Mapping[str, Any]:
    """Take messages from SQS, or answer API Gateway."""
    return process(event, context, real())


def process(event: Mapping[str, Any], context: Any, services: Services) -> Mapping[str, Any]:
    """Handle one event with the services given."""
    with running(services, context) as invocation:
        if "httpMethod" in event:
            return http.respond(invocation, lambda: _answer(event, invocation))
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
        readings, rejected = intake.take(documents, invocation.started, config)
        invocation.count("rejected", len(rejected))
    else:
        readings = [intake.take_one(documents[0], invocation.started, config)]
    _check_answer(readings, rejected, len(event["body"]), invocation)
    table = invocation.services.table("PROCESSED_DATA", "event_date")
    readings = first_arrival.settle(readings, table, config, invocation.time_left)
    stored, failed = _store(readings, invocation)
    for error in failed.values():
        raise error
    shown = [items.shown(item) for item in stored]
    return {"count": len(shown), "items": shown, **({"rejected": rejected} if is_batch else {})}


def _consume(records: Sequence[Mapping[str, Any]], invocation: Invocation) -> Mapping[str, Any]:
    """Process messages; give SQS those that have to come back, and no others."""
    failed: list[str] = []
    messages: list[Message] = []
    # Those that came back most often first, lest they run out of attempts while others use up the time.
    for record in sorted(records, key=_receive_count, reverse=True):
        try:
            messages.append(_unpack(record, invocation))
        except (exact_json.JsonError, ReadingError) as error:
            # Nothing in it can be told apart: SQS takes the message itself to the dead-letter queue.
            invocation.fault(error)
            failed.append(record["messageId"])
    for group in _groups(messages):
        failed += _settle(group, invocation)
    invocation.note(messages=len(records), failed_messages=len(failed))
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


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
    return Message(record["messageId"], readings, rejected)


def _settle(group: Sequence[Message], invocation: Invocation) -> list[str]:
    """Process a group of messages; give the ids of those that have to come back."""
    if invocation.time_left() <= 0:
        invocation.count("postponed", len(group))
        return [message.id for message in group]
    try:
        _, failed = _store([reading for message in group for reading in message.readings], invocation)
    except Exception as error:  # one message must not hold up the others, whatever is wrong with it
        if len(group) > 1:
            return [id_ for message in group for id_ in _settle([message], invocation)]
        invocation.fault(error)
        return [group[0].id]
    return [message.id for message in group if not _is_done(message, failed, invocation)]


def _is_done(message: Message, failed: Mapping[Key, Exception], invocation: Invocation) -> bool:
    """Whether a message may be deleted; its bad readings go to the dead-letter queue last, so only once."""
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
    readings: Sequence[Reading], invocation: Invocation
) -> tuple[list[dict[str, Any]], dict[Key, Exception]]:
    """Transform, store and check readings; give the items, and the readings that failed, with the reason.

    Readings go by `Reading.key` here, whatever the key of the table.
    """
    invocation.handle(readings)
    services, config = invocation.services, invocation.config()
    table = services.table("PROCESSED_DATA", "event_date")
    made = [
        items.processed(
            reading,
            invocation.started,
            _facts(reading, config.registry, invocation),
            config.retention_days,
        )
        for reading in readings
    ]
    unwritten = table.put_all(made, invocation.backoff)
    failed: dict[Key, Exception] = {}
    stored: list[Reading] = []
    for reading, item in zip(readings, made, strict=True):
        if error := unwritten.get(table.key(item)):
            failed[reading.key] = error
        else:
            stored.append(reading)
    alerts = Alerts(
        table,
        lambda: services.client("sns"),
        lambda: services.environment["TOPIC_DEVICE_ALERTS"],
        services.quiet,
        invocation.backoff,
    )
    sent, unsent = alerts.watch(stored, config, invocation.started)
    invocation.count("alerts", sent)
    invocation.count("processed", len(stored))
    return made, failed | unsent


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
