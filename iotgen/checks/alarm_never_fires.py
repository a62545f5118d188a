"""An alarm that nothing can set off."""

from collections.abc import Iterator

from iotgen.checks.rule import Finding, Rule
from iotgen.model.pipeline import Pipeline, Sources
from iotgen.problem import Severity

DAY = 86400


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find ages that no message lives to, and times that no function may take."""
    thresholds = {alarm.metric: alarm.threshold for alarm in reversed(pipeline.alarms)}
    age = thresholds.get("ApproximateAgeOfOldestMessage", 0)
    for queue in pipeline.queues:
        if age >= queue.retention_days * DAY:
            said = (
                f"the alarm on the age of `{queue.key}` can never go off: its messages "
                f"are deleted after {queue.retention_days * DAY} s, before they are {age} s old"
            )
            yield Finding(("alarms", "queues", "age"), said, "set `age` to some minutes, such as 300")
            break
    slowest = max((endpoint.function.timeout for endpoint in pipeline.endpoints), default=0)
    latency = thresholds.get("Latency", 0)
    if slowest and latency > slowest * 1000:
        said = (
            f"the alarm on the latency of the API hardly ever goes off at {latency} ms: "
            f"cold starts aside, no function behind it runs longer than {slowest} s"
        )
        hint = (
            f"set `alarms: {{api: {{latency: {slowest * 500}}}}}`, half of that, or false for no such alarm"
        )
        yield Finding(("alarms", "api", "latency"), said, hint)


RULE = Rule(
    "IOT392",
    "An alarm can go off.",
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html",
    check,
    Severity.WARNING,
    fix="Set a threshold that can be reached, or false for no such alarm.",
)
