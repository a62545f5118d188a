"""AWS IoT cannot read the SQL of a rule."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.iot_sql import Query, expressions
from iotgen.kinds.rules import Rule as TopicRule
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path


def queries(rule: TopicRule) -> Iterator[tuple[Path, str, Query]]:
    """The statement of a rule and each template of its actions, with the setting and its text."""
    yield rule.sql_path, rule.sql, rule.query
    for target in rule.every_target:
        for setting, text in target.templates.items():
            for query in expressions(text):
                yield (*target.path, *setting), text, query


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each fault of a statement or of a template."""
    for rule in pipeline.all(TopicRule):
        for path, text, query in queries(rule):
            for fault in query.faults:
                yield Finding(path, fault.message, fault.hint, within=(text, fault.at))


RULE = Rule(
    code="IOT480",
    summary="AWS IoT cannot read the SQL of a rule.",
    why=(
        "AWS IoT refuses a rule whose statement it cannot parse, or which calls a function that it does not "
        "have, during the apply. In a template such as `${topic(2)}` it notices at the first message."
    ),
    fix="Correct the statement where it is at fault.",
    source="https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-reference.html",
    check=check,
)
