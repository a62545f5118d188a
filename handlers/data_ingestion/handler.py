"""POST /ingest: stores raw readings, then hands them to the queue.

The two steps are not one transaction. Nothing is answered 200 before both are done, and since a reading's
keys follow from the reading, the same request sent again completes what is missing and changes nothing else.
"""

from collections.abc import Mapping
from typing import Any

from readings import answer, first_arrival, http, intake, items, queue
from readings.invocation import Invocation, running
from readings.reading import Reading
from readings.services import Services, prepare, real

prepare("dynamodb", "sqs", "ssm")


def handler(event: http.Event, context: Any) -> http.Response:
    """Answer API Gateway."""
    return ingest(event, context, real())


def ingest(event: http.Event, context: Any, services: Services) -> http.Response:
    """Answer one request with the services given; raise ValueError for an event that is none."""
    with running(services, context) as invocation:
        http.check(event)
        return http.respond(event, invocation, lambda: _ingest(event, invocation))


def _ingest(event: http.Event, invocation: Invocation) -> Mapping[str, Any]:
    config = invocation.config()
    body = http.document(event, config.limits.body_bytes)
    documents, is_batch = http.readings(body, config.limits.readings)
    if not is_batch:
        [kept] = _keep([intake.take_one(documents[0], invocation)], invocation)
        return {
            "message": "reading accepted",
            "device_id": kept.device_id,
            "timestamp": kept.timestamp,
            "event_id": kept.event_id,
        }
    readings, rejections = intake.take(documents, invocation)
    rejected = answer.written(rejections)
    answer.check(rejected)
    invocation.count("rejected", len(rejected))
    return {"accepted": len(_keep(readings, invocation)), "rejected": rejected}


def _keep(readings: list[Reading], invocation: Invocation) -> list[Reading]:
    """Store and enqueue readings; raise BusyError, or the error, unless all of them are safe."""
    invocation.handle(readings)
    services, config = invocation.services, invocation.config()
    table = services.table("RAW_SENSOR_DATA", "timestamp")
    # Where /process notes them as well: a reading that comes both ways is one event.
    arrivals = services.table("PROCESSED_DATA", "event_date")
    kept = first_arrival.settle(readings, arrivals, config, invocation.time_left)
    distinct = {reading.key: reading for reading in kept}
    failed = table.put_all(
        [items.raw(reading, config.retention_days) for reading in distinct.values()], invocation.backoff
    )
    for error in failed.values():
        raise error
    messages = queue.pack(distinct.values())
    queue.send(
        services.client("sqs"), services.environment["QUEUE_IOT_INGESTION"], messages, invocation.backoff
    )
    invocation.count("accepted", len(kept))
    invocation.note(messages=len(messages), duplicates=len(kept) - len(distinct))
    return kept
