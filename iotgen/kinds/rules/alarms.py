"""The alarms of rules.

The metrics of a rule's actions have the type of the action as a dimension, whose values AWS does not list.
What an action fails at becomes a message of the error action, and so an alarm of the dead-letter queue.
https://docs.aws.amazon.com/iot/latest/developerguide/metrics_dimensions.html
"""

from collections.abc import Iterator

from iotgen.kinds.rules.rule import ADDRESS, SECTION, KeepingRule, Rule
from iotgen.model.alarm import Alarm, AlarmMaker
from iotgen.model.dead_letters import dead_letter_alarms
from iotgen.model.expression import Reference
from iotgen.model.kind import Settings


def rule_alarms(make: AlarmMaker, settings: Settings, rules: tuple[Rule, ...]) -> Iterator[Alarm]:
    """Messages that a rule never gets, and what its actions fail at."""
    own = settings[SECTION]
    for rule in rules:
        if own["throttles"]:
            yield _count(make, rule, "throttles", "RuleMessageThrottled", own["throttles"],
                         f"Messages to the rule {rule.name} are throttled, and lost")  # fmt: skip
        if own["parse_errors"] and not rule.query.decodes:
            yield _count(make, rule, "parse-errors", "ParseError", own["parse_errors"],
                         f"The rule {rule.name} gets messages that are not JSON")  # fmt: skip
        if minutes := own["silence"].get(rule.key):
            yield make(
                key=f"{rule.key}-rule-silence",
                path=rule.path,
                description=f"The rule {rule.name} has had no message for {minutes} minutes",
                metric="AWS/IoT:TopicMatch",
                dimensions=_dimensions(rule),
                threshold=1,
                period=60,
                periods=minutes,
                below=True,
            )
        if isinstance(rule, KeepingRule):
            yield from dead_letter_alarms(make, settings, rule)


def _count(make: AlarmMaker, rule: Rule, ending: str, metric: str, threshold: int, description: str) -> Alarm:
    return make(
        key=f"{rule.key}-rule-{ending}",
        path=rule.path,
        description=description,
        metric=f"AWS/IoT:{metric}",
        dimensions=_dimensions(rule),
        threshold=threshold,
    )


def _dimensions(rule: Rule) -> dict[str, str | Reference]:
    return {"RuleName": Reference(f"{ADDRESS}.{rule.label}.name")}
