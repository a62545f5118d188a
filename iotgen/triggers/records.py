"""What triggers by records of a stream have in common: batches of a shard, in their order.

A batch that fails holds up its shard. So it is tried a number of times, halved to find the record at fault,
and then given up: where it stands in the stream goes to a queue.
https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from iotgen.model.access import Grant
from iotgen.model.arn import arn
from iotgen.model.context import Context
from iotgen.model.cost import Arriving, Delivery
from iotgen.model.expression import Expression, Joined
from iotgen.model.policy import Statement, statement_id
from iotgen.model.rendering import Rendering
from iotgen.model.trigger import Call, Event, Position, ResourceTrigger, Undelivered
from iotgen.spec.strict_json import read_json

_STARTS = {"oldest": "TRIM_HORIZON", "latest": "LATEST"}


@dataclass(frozen=True, kw_only=True)
class RecordTrigger(ResourceTrigger):
    """A trigger by records of a stream, in its ARN.

    `failed` is the queue for what is given up; `failed_key` is its key, None for the function's own dead
    letters. `tumbling_window` is how long windows are whose batches hand a state on, None without windows.
    `filters` are patterns, one of which a record has to match.
    """

    asynchronous: ClassVar[bool] = False
    once: ClassVar[bool] = True

    stream_arn: str | Expression
    batch_size: int
    batch_window: int
    parallelization: int
    tumbling_window: int | None
    bisect: bool
    max_retries: int
    max_age: int | None
    start: str
    filters: tuple[Mapping[str, Any], ...] = field(hash=False)
    failed: str | Expression
    failed_key: str | None
    report_failures: bool
    enabled: bool

    @property
    def amount(self) -> str:
        """A batch."""
        return f"batches of {self.batch_size}" if self.batch_size > 1 else "one by one"

    @property
    def concurrency(self) -> int | None:
        """None of its own: one for each shard, and as many as run in parallel there."""
        return 0

    def set_off_by(self, grant: Grant) -> str | None:
        """The source, if a function may write there and no filter can leave that out."""
        same = (grant.section, grant.key) == (self.section, self.key)
        writes = not all(grant.access.verbs[verb].reads for verb in grant.verbs)
        return self.key if same and writes and not self.filters else None


def common(
    context: Context, settings: Mapping[str, Any], position: Position, section: str, word: str
) -> dict[str, Any]:
    """The arguments of both kinds, without the stream's ARN and the filters."""
    queue = settings.get("failed")
    declared = queue is not None and context.has("queues", queue, (*position.path, "failed"))
    own = arn("sqs", context.region, context.name(f"{position.key}-async-dlq"))
    return {
        **position.of(context, section, settings[word], word),
        "batch_size": settings["batch_size"],
        "batch_window": settings["batch_window"],
        "parallelization": settings["parallelization"],
        "tumbling_window": settings.get("tumbling_window"),
        "bisect": settings["bisect"],
        "max_retries": settings["max_retries"],
        "max_age": settings.get("max_age"),
        "start": _STARTS[settings["start"]],
        "failed": context.arn("queues", str(queue)) if declared else own,
        "failed_key": queue if declared else None,
        "report_failures": settings["report_failures"],
        "enabled": settings["enabled"],
    }


def patterns(settings: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The patterns of a setting that is one or a list of them."""
    written = settings.get("filter", [])
    return tuple(written) if isinstance(written, list) else (written,)


def failed_statement(context: Context, trigger: RecordTrigger) -> Iterator[Statement]:
    """Permission to send what is given up; a role has it for its function's own dead-letter queue."""
    if trigger.failed_key:
        queue: Joined = context.arn("queues", trigger.failed_key)
        sid = statement_id("send-failed", "queue", trigger.failed_key)
        yield Statement(sid, ("sqs:SendMessage",), (queue,))


def render(calls: tuple[Call[Any], ...]) -> Iterator[Rendering]:
    """An event source mapping for each call."""
    for call in calls:
        holes = {"function": call.function, "trigger": call.trigger}
        yield Rendering("functions", call.trigger.path, "record_trigger", holes, moved=call.trigger.moved)


def windowed(trigger: RecordTrigger, event: Event, now: int) -> Event:
    """An event of records with the state of the trigger's window, if it has one: the first of the window.

    https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
    """
    if trigger.tumbling_window is None:
        return event
    start = datetime.fromtimestamp(now // 1000 // trigger.tumbling_window * trigger.tumbling_window, UTC)
    end = start + timedelta(seconds=trigger.tumbling_window)
    window = {"start": f"{start:%Y-%m-%dT%H:%M:%SZ}", "end": f"{end:%Y-%m-%dT%H:%M:%SZ}"}
    return {
        **event,
        "window": window,
        "state": {},
        "shardId": "shardId-000000000000",
        "eventSourceARN": event["Records"][0]["eventSourceARN"],
        "isFinalInvokeForWindow": False,
        "isWindowTerminatedEarly": False,
    }


def given_up(body: str, batch: str) -> Undelivered | None:
    """A batch that was given up: under `batch`, the message has where it stands, but no records."""
    if batch not in body:
        return None
    try:
        data = read_json(body)
        stream = str(data[batch]["streamArn"]).partition("/")[2].partition("/")[0]
        condition = str(data["requestContext"]["condition"])
        error = (data.get("responseContext") or {}).get("functionError")
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    reason = f"records of `{stream}` were given up: {condition}" + (f", {error}" if error else "")
    lost = f"it has no records, but where they stand in the stream of `{stream}`: read them there"
    return Undelivered(reason, "", lost)


def delivery(trigger: RecordTrigger, arriving: Arriving) -> Delivery:
    """Records as they are gathered; reading them costs nothing."""
    events = min(trigger.batch_size, max(1.0, arriving.per_second * max(1, trigger.batch_window)))
    return Delivery(events, {})
