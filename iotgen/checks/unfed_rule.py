"""No device of the spec may publish what a rule waits for."""

import re
from collections.abc import Iterator

from iotgen.checks.rule import Rule, listed
from iotgen.kinds import rules
from iotgen.kinds.devices import DEVICE, DeviceGroup
from iotgen.kinds.rules.drawing import rule_feeders
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each rule whose topic none of the spec's devices may publish on, if it has any."""
    groups = tuple(group for group in pipeline.all(DeviceGroup) if group.publish)
    for rule in pipeline.all(rules.Rule) if groups else ():
        topic = rule.query.topic
        if topic is None or topic.startswith("$") or rule_feeders(rule, groups):
            continue
        shown = listed(sorted({one for group in groups for one in group.publish}))
        yield Finding(
            rule.sql_path,
            f"no device may publish on `{topic}`: `devices` lets them publish on {shown}",
            f"Add {_publishable(topic)} to `publish`, or correct the topic.",
        )


def _publishable(topic_filter: str) -> str:
    """What `publish` takes for a filter; it has no wildcard but `#` at the end."""
    topic = topic_filter.replace("+", DEVICE, 1)
    named = DEVICE in topic and not re.search(r"\+|#.", topic)
    return f"`{topic}`" if named else f"a topic that `{topic_filter}` matches"


RULE = Rule(
    code="IOT498",
    severity=Severity.WARNING,
    summary="No device of the spec may publish what a rule waits for.",
    why=(
        "The policy of `devices` names the topics on which they may publish. AWS IoT closes the connection "
        "of a device that publishes on another, so a rule for another topic gets nothing from them."
    ),
    fix="Add the topic to `publish` of a group, or correct the one in the rule.",
    ignore="Something else publishes there: a service, a function, or devices of another spec.",
    source="https://docs.aws.amazon.com/iot/latest/developerguide/pub-sub-policy.html",
    check=check,
)
