"""An alarm that can never go off."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import Api, endpoints_of
from iotgen.kinds.queues import Queue
from iotgen.model.alarm import Alarm
from iotgen.model.pipeline import Pipeline
from iotgen.model.plural import lasting
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity

DAY = 86400
_SOME_MINUTES = 300
# How long every dead-letter queue keeps a message, counted from when the message was first sent.
KEPT_DAYS = 14


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find ages that no message reaches, and durations that no function reaches."""
    thresholds = {alarm.key: alarm.threshold for alarm in pipeline.all(Alarm)}
    yield from _age(pipeline, thresholds)
    yield from _dead_letter_age(pipeline, thresholds)
    yield from _latency(pipeline, thresholds)


def _age(pipeline: Pipeline, thresholds: dict[str, float]) -> Iterator[Finding]:
    """The queues whose messages do not get as old: those kept for minutes each, of the others the first."""
    told = False
    for queue in pipeline.all(Queue):
        age = thresholds.get(f"{queue.key}-age", 0)
        if age < queue.retention:
            continue
        message = (
            f"the alarm on the age of `{queue.key}` can never go off at {age} s: "
            f"its messages are deleted after {queue.retention} s"
        )
        if queue.retention < 2 * _SOME_MINUTES:
            hint = f"Set `alarms: {{age: {queue.retention // 2}}}` of the queue."
            yield Finding((*queue.path, queue.retention_setting), message, hint)
        elif not told:
            told = True
            hint = f"Set `age` to some minutes, such as {_SOME_MINUTES}."
            yield Finding(("alarms", "queues", "age"), message, hint)


def _dead_letter_age(pipeline: Pipeline, thresholds: dict[str, float]) -> Iterator[Finding]:
    for queue in pipeline.all(Queue):
        age = int(thresholds.get(f"{queue.key}-dlq-expiring", 0))
        if age and age + queue.retention >= KEPT_DAYS * DAY:
            rest = KEPT_DAYS * DAY - queue.retention
            later = f"{lasting(rest)} later" if rest else "as soon as it is there"
            message = (
                f"the alarm on old dead letters of `{queue.key}` may never go off: its threshold is "
                f"{lasting(age)}, but a message that spent {queue.retention_text} in the queue is deleted "
                f"{later}"
            )
            hint = f"Set `dead_letter_age` and `{queue.retention_setting}` to less than 14 days in total."
            yield Finding((*queue.path, queue.retention_setting), message, hint)


def _latency(pipeline: Pipeline, thresholds: dict[str, float]) -> Iterator[Finding]:
    behind = (endpoint.function for endpoint in endpoints_of(pipeline))
    slowest = max((function.timeout for function in behind if function), default=0)
    api = pipeline.one(Api)
    latency = thresholds.get(f"{api.key}-latency", 0) if api else 0
    if slowest and latency > slowest * 1000:
        message = (
            f"the alarm on the latency of the API hardly ever goes off at {latency} ms: "
            f"apart from cold starts, no function behind it runs longer than {slowest} s"
        )
        hint = (
            f"Set `alarms: {{api: {{latency: {slowest * 500}}}}}`, half of that, or false to disable the "
            "alarm."
        )
        yield Finding(("alarms", "api", "latency"), message, hint)


RULE = Rule(
    code="IOT392",
    severity=Severity.WARNING,
    summary="An alarm can never go off.",
    why=(
        "A queue deletes a message at the end of its retention period, and Lambda stops a function at its "
        "timeout, so a metric never reaches a threshold beyond that. The retention of a dead letter counts "
        "from when the message was first sent, so its time in the source queue is part of the 14 days."
    ),
    fix="Set a threshold that can be reached, or false to disable the alarm.",
    ignore="Another alarm covers the case.",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html",
    check=check,
)
