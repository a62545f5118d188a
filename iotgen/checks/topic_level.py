"""`topic(n)` is beyond the levels of a rule's topics."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.checks.rule_sql import queries
from iotgen.iot_sql import levels_of
from iotgen.kinds.rules import Rule as TopicRule
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each use of a level that no topic of the rule has."""
    for rule in pipeline.all(TopicRule):
        topic = rule.query.topic
        most = levels_of(topic) if topic else None
        for path, text, query in queries(rule):
            for level in query.levels:
                if level.number < 1 or (most is not None and level.number > most):
                    message = f"`topic({level.number})` is undefined: {_levels(topic, most)}"
                    yield Finding(path, message, "Levels count from 1.", within=(text, level.at))


def _levels(topic: str | None, most: int | None) -> str:
    return "the first level is 1" if most is None else f"`{topic}` has {most} level{'s' if most > 1 else ''}"


RULE = Rule(
    code="IOT482",
    severity=Severity.WARNING,
    summary="A rule uses a level that its topics do not have.",
    why=(
        "`topic(n)` is the n-th level of a message's topic. Where there is none it is undefined: AWS IoT "
        "takes the statement, and leaves the attribute out of every message."
    ),
    fix="Use a level that the topic filter has; the first is 1.",
    ignore="Messages reach the rule by Basic Ingest as well, with longer topics.",
    source="https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-function-topic",
    check=check,
)
