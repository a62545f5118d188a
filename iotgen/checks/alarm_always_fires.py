"""An alarm that goes off in the usual course of things."""

from collections.abc import Iterator

from iotgen.checks.rule import Finding, Rule
from iotgen.model.pipeline import Pipeline, Sources
from iotgen.problem import Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find ages that a message reaches while a batch is collected."""
    ages = {
        alarm.path: alarm.threshold
        for alarm in pipeline.alarms
        if alarm.metric == "ApproximateAgeOfOldestMessage"
    }
    for function in pipeline.functions:
        for trigger in function.queue_triggers:
            age = ages.get(trigger.queue.path)
            if age is not None and age <= trigger.batch_window:
                said = (
                    f"the alarm on the age of `{trigger.queue.key}` goes off at {age} s, but messages wait "
                    f"{trigger.batch_window} s for a batch to fill"
                )
                hint = "set `age` to more than the longest `batch_window`, with room for the function's work"
                yield Finding(("alarms", "queues", "age"), said, hint)
                return


RULE = Rule(
    "IOT393",
    "An alarm is silent while all is well.",
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html",
    check,
    Severity.WARNING,
    fix="Set `age` to more than the longest `batch_window`, with room for the function's work.",
)
