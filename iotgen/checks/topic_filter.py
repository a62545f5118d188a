"""A rule has a topic or a topic filter that MQTT does not have."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.iot_sql import filter_fault, published_fault
from iotgen.kinds.rules import Rule as TopicRule
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each filter of a rule, and each topic that it publishes to, which is none."""
    for rule in pipeline.all(TopicRule):
        topic = rule.query.topic
        if topic is not None and (fault := filter_fault(topic)):
            at = rule.query.topic_at + fault.at
            yield Finding(rule.sql_path, fault.message, fault.hint, within=(rule.sql, at))
        for target in rule.every_target:
            text = target.templates.get(("republish",), "")
            if fault := published_fault(text) if text else None:
                path = (*target.path, "republish")
                yield Finding(path, fault.message, fault.hint, within=(text, fault.at))


RULE = Rule(
    code="IOT481",
    summary="A rule has a topic or a topic filter that AWS IoT does not take.",
    why=(
        "In a topic filter, `+` stands for one whole level and `#` for all the rest, at the end. A topic has "
        "eight levels and 256 bytes at most, and one that is published to has no wildcards. AWS IoT refuses "
        "such a rule, or gives it no message."
    ),
    fix="Correct the topic, such as `dt/+/telemetry` or `dt/#`.",
    source="https://docs.aws.amazon.com/iot/latest/developerguide/topics.html",
    check=check,
)
