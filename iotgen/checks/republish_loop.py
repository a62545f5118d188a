"""A rule publishes to a topic that it gets messages of."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.iot_sql import each_level, matches
from iotgen.kinds.rules import Rule as TopicRule
from iotgen.kinds.rules import Target
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each target by which a message comes back to its rule, also by way of other rules."""
    rules = pipeline.all(TopicRule)
    for rule in rules:
        for target in rule.every_target:
            through = _way(rule, target, rules)
            if through is None:
                continue
            by = f", by way of {' and '.join(f'`{one}`' for one in through)}" if through else ""
            message = f"`{target.key}` comes back to `{rule.key}`{by}: messages may go round endlessly"
            hint = "Publish to a topic that its filter does not match."
            yield Finding((*target.path, "republish"), message, hint)


def _way(rule: TopicRule, target: Target, rules: tuple[TopicRule, ...]) -> tuple[str, ...] | None:
    """The keys of the rules through which a message comes back to `rule`; None if it does not."""
    ways: list[tuple[Target, tuple[str, ...]]] = [(target, ())]
    seen: set[str] = set()
    for one, way in ways:
        reached = [other for other in rules if _reaches(one, other)]
        if rule in reached:
            return way
        for other in reached:
            if other.key not in seen:
                seen.add(other.key)
                ways += [(after, (*way, other.key)) for after in other.every_target]
    return None


def _reaches(target: Target, rule: TopicRule) -> bool:
    """Whether all that a target publishes reaches a rule."""
    if target.word != "republish":
        return False
    topic = target.key.removeprefix("$") if target.key.startswith("$$") else target.key
    if topic.startswith(f"{rule.basic_ingest}/"):
        return True
    return bool(rule.query.topic) and matches(str(rule.query.topic), each_level(topic))


RULE = Rule(
    code="IOT484",
    severity=Severity.WARNING,
    summary="A rule publishes to a topic that comes back to it.",
    why=(
        "A message that matches the rule's own filter goes through the rule again, and again. Each round is "
        "billed as a message, a rule and an action, and AWS IoT does not stop it."
    ),
    fix="Publish to a topic that the filter does not match.",
    ignore="The `WHERE` does not select what the rule itself has published.",
    source="https://docs.aws.amazon.com/iot/latest/developerguide/republish-rule-action.html",
    check=check,
)
