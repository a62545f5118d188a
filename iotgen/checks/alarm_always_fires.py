"""An alarm that goes off in normal operation."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.alarm import Alarm
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.triggers.queue import QueueTrigger


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find thresholds of age and silence that are reached while a batch fills."""
    yield from _age(pipeline)
    yield from _silence(pipeline)


def _triggers(pipeline: Pipeline) -> Iterator[tuple[Function, QueueTrigger]]:
    for function in pipeline.all(Function):
        for trigger in function.by(QueueTrigger):
            yield function, trigger


def _age(pipeline: Pipeline) -> Iterator[Finding]:
    ages = {alarm.key: alarm.threshold for alarm in pipeline.all(Alarm)}
    for _, trigger in _triggers(pipeline):
        age = ages.get(f"{trigger.key}-age")
        if age is not None and age <= trigger.batch_window:
            message = (
                f"the alarm on the age of `{trigger.key}` goes off at {age} s, but messages wait "
                f"{trigger.batch_window} s for a batch to fill"
            )
            hint = "Set `age` to more than the longest `batch_window`, with room for the function's work."
            yield Finding(("alarms", "queues", "age"), message, hint)
            return


def _silence(pipeline: Pipeline) -> Iterator[Finding]:
    silences = {alarm.path: alarm.period for alarm in pipeline.all(Alarm) if alarm.below}
    for function, trigger in _triggers(pipeline):
        path = ("alarms", "silence", function.key)
        if silences.get(path, trigger.batch_window + 1) <= trigger.batch_window:
            message = (
                f"the alarm on the silence of `{function.key}` goes off after {silences[path] // 60} "
                f"minutes, but a batch of `{trigger.key}` may take {trigger.batch_window} s to fill"
            )
            yield Finding(path, message, "Set more minutes, or a shorter `batch_window`.")


RULE = Rule(
    code="IOT393",
    severity=Severity.WARNING,
    summary="An alarm goes off in normal operation.",
    why=(
        "While Lambda fills a batch, messages wait in the queue for up to `batch_window`, and the function "
        "is not called. An alarm on their age, or on the function's silence, that is as short as that goes "
        "off while all is well."
    ),
    fix="Set `age` and `silence` to more than the longest `batch_window`, with room for the function's work.",
    ignore="Batches always fill before the window ends.",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html",
    check=check,
)
