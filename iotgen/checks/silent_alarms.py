"""The alarms notify nobody."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.model.alarm import Alarm
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find alarms without a topic, which is one setting for all."""
    silent = any(alarm.topic is None for alarm in pipeline.all(Alarm))
    if silent and pipeline.settled(("alarms", "notify")):
        message = f"the {len(pipeline.all(Alarm))} alarms notify nobody: `alarms` has no `notify`"
        if len(pipeline.all(Alarm)) == 1:
            message = "the alarm notifies nobody: `alarms` has no `notify`"
        hint = "Set `notify` to the key of a topic that has a subscription."
        yield Finding(("alarms",), message, hint, at_key=True)


RULE = Rule(
    code="IOT390",
    severity=Severity.WARNING,
    summary="The alarms notify nobody.",
    why=(
        "A CloudWatch alarm notifies through its actions. Without `notify` it has none: its state changes "
        "in the console, and nobody gets a message."
    ),
    fix="Set `notify` to the key of a topic that has a subscription.",
    ignore="Something outside of the spec watches the state of the alarms.",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html",
    check=check,
)
