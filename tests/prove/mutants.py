"""Faults planted in the handlers and in the specs: what the simulator must find."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from iotgen.prove.kernel import SECOND
from iotgen.prove.shape import Shape, TargetShape

PIPELINE = "specs/pipeline.yaml"
S3_EVENTS = "specs/s3-events.yaml"
MQTT = "specs/mqtt.yaml"

_INGESTION = "handlers/data_ingestion/handler.py"
_PROCESSOR = "handlers/data_processor/handler.py"
_EVENTS = "handlers/event_processor/handler.py"


@dataclass(frozen=True)
class Mutant:
    """A fault in words: in a `file`, `old` text that is `new` now, or another shape of the spec, or both.

    `missed` is why it is not found: what is planted breaks nothing that was promised.
    """

    fault: str
    file: str = ""
    old: str = ""
    new: str = ""
    shape: Callable[[Shape], Shape] | None = None
    spec: str = PIPELINE
    missed: str = ""


def _readings(name: str) -> str:
    return f"handlers/readings/{name}.py"


def _queue(**changed: object) -> Callable[[Shape], Shape]:
    def of(shape: Shape) -> Shape:
        queues = tuple(
            replace(one, **changed) if one.key == "iot-ingestion" else one  # type: ignore[arg-type]
            for one in shape.queues
        )
        return replace(shape, queues=queues)

    return of


def functions(**changed: object) -> Callable[[Shape], Shape]:
    def of(shape: Shape) -> Shape:
        return replace(shape, functions=tuple(replace(one, **changed) for one in shape.functions))  # type: ignore[arg-type]

    return of


def _polls(**changed: object) -> Callable[[Shape], Shape]:
    def of(shape: Shape) -> Shape:
        return replace(shape, polls=tuple(replace(one, **changed) for one in shape.polls))  # type: ignore[arg-type]

    return of


# A queue that is redriven to nothing that could use what a rule reports.
_NOWHERE = TargetShape(section="queues", key="data-query-async")

MUTANTS = (
    # Writing rows.
    Mutant(
        "unprocessed items are ignored",
        _readings("table"),
        'in answer.get("UnprocessedItems", {}).get(self.name, []):',
        "in ():",
    ),
    Mutant(
        "a batch that is throttled counts as written",
        _readings("table"),
        "            if aws_errors.is_transient(error):\n                again |= batch",
        "            if aws_errors.is_transient(error):\n                pass",
    ),
    Mutant(
        "items that were not written in time are not reported",
        _readings("table"),
        "return failed | {",
        "return failed and {",
    ),
    Mutant(
        "a batch for which there is no time counts as written",
        _readings("table"),
        "if backoff.time_left() <= 0:\n                    again |= batch",
        "if backoff.time_left() <= 0:\n                    pass",
    ),
    Mutant(
        "a write on a condition has no condition",
        _readings("table"),
        "                ConditionExpression=condition,\n",
        "",
    ),
    Mutant(
        "an error that does not pass is not reported",
        _readings("table"),
        "failed |= dict.fromkeys(batch, error)",
        "pass",
    ),
    # Sending messages.
    Mutant(
        "entries that SQS did not take are dropped",
        _readings("queue"),
        'failures = answer.get("Failed", [])',
        "failures = []",
    ),
    Mutant(
        "messages of a call that was throttled are dropped",
        _readings("queue"),
        "            return call\n        raise",
        "            return []\n        raise",
    ),
    Mutant(
        "messages for which there is no time are dropped",
        _readings("queue"),
        "again += call if backoff.time_left() <= 0",
        "again += [] if backoff.time_left() <= 0",
    ),
    Mutant(
        "messages that were not taken in time are forgotten",
        _readings("queue"),
        '    raise aws_errors.BusyError(f"the queue did not take',
        '    return\n    raise aws_errors.BusyError(f"the queue did not take',
    ),
    # Ingestion.
    Mutant(
        "ingestion answers without the queue",
        _INGESTION,
        "    queue.send(\n",
        "    (lambda *_: None)(\n",
    ),
    Mutant(
        "ingestion ignores rows that were not written",
        _INGESTION,
        "    for error in failed.values():\n        raise error",
        "    for error in failed.values():\n        pass",
    ),
    Mutant(
        "of one device's readings in a request, the last is kept",
        _INGESTION,
        "{reading.key: reading for reading in kept}",
        "{reading.device_id: reading for reading in kept}",
    ),
    Mutant(
        "of a request's readings, the first goes to the queue",
        _INGESTION,
        "queue.pack(distinct.values())",
        "queue.pack(list(distinct.values())[:1])",
    ),
    Mutant(
        "a reading without a time gets another one with each attempt",
        _INGESTION,
        "kept = first_arrival.settle(readings, arrivals, config, invocation.time_left)",
        "kept = readings",
    ),
    Mutant(
        "a request that found AWS busy is answered 200",
        _readings("http"),
        'return _error(503, "busy", "too busy at the moment; send the same request again", ())',
        'return _response(200, {"message": "reading accepted"})',
    ),
    Mutant(
        "a request that failed is answered 200",
        _readings("http"),
        'return _error(500, "internal", "internal error; it is safe to send the same request again", ())',
        'return _response(200, {"message": "reading accepted"})',
    ),
    Mutant(
        "a good reading is refused for a bad one beside it",
        _readings("intake"),
        "        except ReadingError as invalid:\n            rejected.append(",
        "        except ReadingError as invalid:\n"
        "            raise http.RequestError(400, '', '') from None\n"
        "            rejected.append(",
    ),
    # What makes a reading one.
    Mutant(
        "the key by time has no identity",
        _readings("reading"),
        'return f"{self.timestamp:015d}#{self.identity}"',
        'return f"{self.timestamp:015d}"',
    ),
    Mutant(
        "the key by date has no identity",
        _readings("reading"),
        'return f"{instant.iso(self.timestamp)}#{self.identity}"',
        "return instant.iso(self.timestamp)",
    ),
    Mutant(
        "the identity is the client's event id alone",
        _readings("reading"),
        'return f"{event_id}#{digest}" if event_id else digest',
        "return event_id or digest",
    ),
    Mutant(
        "the digest leaves the content out",
        _readings("reading"),
        'document.get("event_id"), document["sensor_data"], extra]',
        'document.get("event_id"), extra]',
    ),
    Mutant(
        "the digest has the time of arrival",
        _readings("reading"),
        "digest = _digest(document, at, extra, max_bytes)",
        "digest = _digest(document, received_at, extra, max_bytes)",
    ),
    Mutant(
        "the time of a reading is that of its arrival",
        _readings("reading"),
        "timestamp=received_at if at is None else at // 1000,",
        "timestamp=received_at,",
    ),
    Mutant(
        "the device is left out of the digest",
        _readings("reading"),
        'content = [document["device_id"], at,',
        "content = [at,",
        missed="the device is the table's partition key, so this is no fault",
    ),
    Mutant(
        "an untimed reading of a message happened when it was received",
        _PROCESSOR,
        'sent_at = int(record.get("attributes", {}).get("SentTimestamp", invocation.started))',
        "sent_at = invocation.started",
        missed="the first arrival is noted, and found again, so this is no fault",
    ),
    # Content.
    Mutant(
        "processed rows leave a value out",
        _readings("items"),
        "**reading.sensor_data,",
        "**{name: value for name, value in reading.sensor_data.items() if name != 'level'},",
    ),
    Mutant(
        "raw rows have another value",
        _readings("items"),
        '"sensor_data": reading.sensor_data,',
        '"sensor_data": {**reading.sensor_data, "temperature": 0},',
    ),
    # The processor.
    Mutant("the processor acknowledges every message", _PROCESSOR, "not in done]", "not in done and False]"),
    Mutant(
        "a message is acknowledged though its rows failed",
        _PROCESSOR,
        "for reading in message.readings if failed else ():",
        "for reading in ():",
    ),
    Mutant(
        "one message that nobody can read fails its batch",
        _PROCESSOR,
        "except (exact_json.JsonError, ReadingError) as error:\n            body",
        "except (exact_json.JsonError, ReadingError) as error:\n            raise\n            body",
    ),
    Mutant(
        "a bad reading is dropped",
        _PROCESSOR,
        '        queue.send(services.client("sqs"), url, rejections, invocation.backoff)\n',
        "",
    ),
    Mutant(
        "a bad reading is dropped where SQS is busy",
        _PROCESSOR,
        "and with it the readings\n        invocation.fault(error)\n        return False",
        "and with it the readings\n        invocation.fault(error)\n        return True",
    ),
    Mutant(
        "alerts that failed do not come back",
        _PROCESSOR,
        "failed |= alerts.notify(stored_crossings",
        "alerts.notify(stored_crossings",
    ),
    Mutant(
        "nobody is alerted of messages",
        _PROCESSOR,
        "failed |= alerts.notify(stored_crossings",
        "failed |= (lambda *_, **__: {})(stored_crossings",
    ),
    Mutant(
        "a message is acknowledged before the thresholds are known",
        _PROCESSOR,
        "        invocation.fault(BusyError(_UNKNOWN))\n        return False",
        "        invocation.fault(BusyError(_UNKNOWN))",
    ),
    Mutant(
        "messages for which there was no time are acknowledged",
        _PROCESSOR,
        'invocation.count("postponed", len(group))\n        return (), {}',
        'invocation.count("postponed", len(group))\n        return group, {}',
        shape=functions(timeout=8 * SECOND),
    ),
    Mutant(
        "rows that failed are not reported",
        _PROCESSOR,
        "    return made, failed\n",
        "    return made, {}\n",
    ),
    Mutant(
        "of a message's readings, one is judged",
        _PROCESSOR,
        "rejected, alerts.crossed(readings, invocation))",
        "rejected, alerts.crossed(readings[:1], invocation))",
    ),
    Mutant(
        "/process answers 200 though rows or alerts failed",
        _PROCESSOR,
        "returning=False)).values():\n        raise error",
        "returning=False)).values():\n        pass",
    ),
    Mutant(
        "/process answers 200 before the thresholds are known",
        _PROCESSOR,
        "    if crossings is None:\n        raise BusyError(_UNKNOWN)",
        "    if crossings is None:\n        pass",
    ),
    Mutant(
        "/process lets others rely on its alerts",
        _PROCESSOR,
        "invocation, returning=False)",
        "invocation, returning=True)",
    ),
    Mutant(
        "the processor stores one reading of a message",
        _PROCESSOR,
        "for message in group for reading in message.readings]",
        "for message in group for reading in message.readings[:1]]",
    ),
    # The configuration.
    Mutant(
        "a configuration that cannot be used replaces the last good one",
        _readings("config"),
        "                on_error(error)\n",
        '                on_error(error)\n                self._current = parse("{}")\n',
    ),
    Mutant(
        "the thresholds count as known before they are read",
        _readings("config"),
        "self.known = False",
        "self.known = True",
    ),
    Mutant(
        "the configuration is never read again",
        _readings("config"),
        "self._fresh_until = self._now() + self._lasts * 1000",
        "self._fresh_until = 10**15",
    ),
    # Alerts.
    Mutant(
        "a claim never ends",
        _readings("claims"),
        '    " OR (sent = :no AND claimed_until <= :now)"\n',
        "",
    ),
    Mutant(
        "a claim ends in a week",
        _readings("alerts"),
        "lease_until=invocation.ends_at() + _MARGIN_MS,",
        "lease_until=invocation.ends_at() + 7 * 86_400_000,",
    ),
    Mutant(
        "alerts are marked before they are sent",
        _readings("notifier"),
        "        try:\n            sent = self._notify(ours)",
        "        claims.mark_sent(ours)\n        try:\n            sent = self._notify(ours)",
    ),
    Mutant(
        "a notification that failed counts as sent",
        _readings("notifier"),
        "                turns.owe(since)\n            raise",
        "                turns.owe(since)",
    ),
    Mutant(
        "what another invocation notifies of is acknowledged at once",
        _readings("notifier"),
        "elif standing is Standing.HELD:",
        "elif False:",
    ),
    Mutant(
        "crossings that could not be claimed are forgotten",
        _readings("notifier"),
        "                failed |= failures(subject, error)\n                continue",
        "                continue",
    ),
    Mutant(
        "a storm's list that was not written counts as written",
        _readings("notifier"),
        "if error := unwritten.get(self.table.key(item)):",
        "if False:",
        shape=functions(timeout=5 * SECOND),
    ),
    Mutant(
        "a storm is not listed",
        _readings("notifier"),
        "unwritten = self.table.put_all([item for item, _ in rows], self.backoff)",
        "unwritten = {}",
    ),
    Mutant(
        "a container remembers alerts of others that may fail yet",
        _readings("claims"),
        '        trusted = there["reading"]',
        "        self.memory.remember(crossing, self.quiet_until, crossing.sort_key)\n"
        '        trusted = there["reading"]',
    ),
    Mutant(
        "without a slot in this minute an alert counts as sent",
        _readings("notifier"),
        "        if slot is None:\n            return False",
        "        if slot is None:\n            return True",
    ),
    Mutant(
        "the oldest of a storm is not notified of again",
        _readings("notifier"),
        "                failed[min(listed, key=lambda crossing: crossing.sort_key).reading] = error",
        "                pass",
        missed="the list stands in the table, and a list counts as told",
    ),
    # The spec.
    Mutant("the queue has no dead-letter queue", shape=_queue(dead_letters=None, max_receives=None)),
    Mutant(
        "the queue shows messages again after a second, and gives them up after one attempt",
        shape=_queue(visibility=SECOND, max_receives=1),
        missed="it costs attempts, and what becomes a dead letter too early is redriven: nothing is lost",
    ),
    Mutant("the poller ignores which messages failed", shape=_polls(partial=False)),
    Mutant("functions have a second", shape=functions(timeout=SECOND)),
    Mutant("functions may not run", shape=functions(reserved=0)),
    # Objects of a bucket.
    Mutant(
        "rows of an object that were not written are ignored",
        _EVENTS,
        "            raise error\n        self.crossings +=",
        "            pass\n        self.crossings +=",
        spec=S3_EVENTS,
    ),
    Mutant(
        "alerts of an object that failed are ignored",
        _EVENTS,
        "    if batch.unalerted:\n        raise batch.unalerted",
        "    if batch.unalerted:\n        pass",
        spec=S3_EVENTS,
    ),
    Mutant(
        "an object is done before the thresholds are known",
        _EVENTS,
        'self.unalerted = BusyError("the configuration was not read yet: no alert can be judged")',
        "pass",
        spec=S3_EVENTS,
    ),
    Mutant(
        "an object that cannot be read is done",
        _EVENTS,
        'if aws_errors.code(error) not in ("NoSuchKey", "NoSuchVersion"):\n            raise',
        'if aws_errors.code(error) not in ("NoSuchKey", "NoSuchVersion"):\n            return',
        spec=S3_EVENTS,
    ),
    Mutant(
        "the key of an event has no identity",
        _readings("reading"),
        'return f"{self.timestamp:015d}#{self.identity}"',
        'return f"{self.timestamp:015d}"',
        spec=S3_EVENTS,
    ),
    Mutant(
        "a reading of an object without a time happened when it was processed",
        _EVENTS,
        'received_at = int(response["LastModified"].timestamp()) * 1000',
        "received_at = invocation.started",
        spec=S3_EVENTS,
        missed="the first arrival is noted, and found again",
    ),
    Mutant(
        "events that a function failed on are dropped", shape=functions(dead_letters=None), spec=S3_EVENTS
    ),
    Mutant("functions have a second for an object", shape=functions(timeout=SECOND), spec=S3_EVENTS),
    # Messages that devices publish.
    Mutant(
        "a reading that is published again happened when its message came",
        _PROCESSOR,
        "    readings = first_arrival.settle(readings, _table(invocation), config, invocation.time_left)\n",
        "",
        spec=MQTT,
    ),
    Mutant(
        "a reading that is not kept as it came is done",
        _PROCESSOR,
        "        failed |= unkept\n",
        "",
        spec=MQTT,
    ),
    Mutant(
        "what a rule cannot hand on is dropped",
        shape=lambda shape: replace(
            shape, rules=tuple(replace(one, on_error=_NOWHERE) for one in shape.rules)
        ),
        spec=MQTT,
    ),
)
