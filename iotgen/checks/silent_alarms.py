"""The alarms notify nobody."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.model.alarm import Alarm
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find alarms without a topic, which is one setting for all."""
    alarms = [alarm for alarm in pipeline.all(Alarm) if not alarm.silent]
    silent = [alarm for alarm in alarms if not alarm.notify]
    if silent and pipeline.settled(("alarms", "notify")):
        which = f"the {len(silent)}" if len(silent) == len(alarms) else f"{len(silent)} of {len(alarms)}"
        message = f"{which} alarms notify nobody: `alarms` has no `notify`"
        if len(alarms) == 1:
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
