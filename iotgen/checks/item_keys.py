"""A rule puts items into a table without the table's key."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule, listed
from iotgen.kinds.rules import Rule as TopicRule
from iotgen.kinds.tables import Table
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each table whose key attributes a rule does not select; with `*` they may be in the message."""
    keys = {table.key: tuple(one.name for one in table.keys) for table in pipeline.all(Table)}
    for rule in pipeline.all(TopicRule):
        query = rule.query
        if query.faults or ((query.whole or query.nested) and not query.bare):
            continue
        for target in rule.every_target:
            if target.section != "tables" or target.templates or target is rule.on_error:
                continue
            missing = [name for name in keys.get(target.key, ()) if query.bare or name not in query.columns]
            if missing:
                message = f"`{rule.key}` does not select {listed(missing)}, the key of `{target.key}`"
                yield Finding((*target.path, "table"), message, _hint(missing[0], bare=query.bare))


def _hint(name: str, *, bare: bool) -> str:
    if bare:
        return "Select attributes: `SELECT VALUE` makes no item."
    return f"Select it, such as `topic(2) AS {name}`, or `*`."


RULE = Rule(
    code="IOT485",
    summary="A rule puts items without their key into a table.",
    why=(
        "The rule's action puts what the statement selects into the table, each attribute by its name. "
        "DynamoDB refuses an item without the attributes of the table's key, so each message fails."
    ),
    fix="Select the attributes of the key, such as `topic(2) AS device_id`, or `*`.",
    source="https://docs.aws.amazon.com/iot/latest/developerguide/dynamodb-v2-rule-action.html",
    check=check,
)
