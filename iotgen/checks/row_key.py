"""The `key` of a rule's table is not the table's key."""

import re
from collections.abc import Iterator

from iotgen.checks.rule import Rule, listed
from iotgen.kinds.rules import Rule as TopicRule
from iotgen.kinds.rules import Target
from iotgen.kinds.tables import Table
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.spec.nearest import nearest

_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each `key` with other attributes than the table's, and each value that they cannot have."""
    tables = {table.key: table for table in pipeline.all(Table)}
    for rule in pipeline.all(TopicRule):
        for target in rule.every_target:
            if target.section == "tables" and target.templates and target.key in tables:
                yield from _faults(target, tables[target.key])


def _faults(target: Target, table: Table) -> Iterator[Finding]:
    values = {str(path[-1]): value for path, value in target.templates.items()}
    keys = {one.name: one for one in table.keys}
    missing = [name for name in keys if name not in values]
    for name in values:
        if name not in keys:
            meant = nearest(name, missing)
            suggestion = f"; did you mean `{meant}`?" if meant else ""
            message = f"`{name}` is not in the key of `{table.key}`{suggestion}"
            yield Finding((*target.path, "key", name), message, f"Its key is {listed(list(keys))}.")
            missing = [one for one in missing if one != meant]
    if missing:
        message = f"the key of `{table.key}` needs {listed(missing)} too"
        value = "${timestamp()}" if keys[missing[0]].type == "N" else "${topic(2)}"
        hint = f'Give it a value, such as `{missing[0]}: "{value}"`.'
        yield Finding((*target.path, "key"), message, hint)
    for name in (one for one in values if one in keys):
        yield from _value_faults(target, name, values[name], keys[name].type)
    if target.body["payload_field"] in keys:
        message = f"`{target.body['payload_field']}` is in the key of `{table.key}`"
        yield Finding((*target.path, "payload"), message, "Name another attribute for what the rule selects.")


def _value_faults(target: Target, name: str, value: str, kind: str) -> Iterator[Finding]:
    place = (*target.path, "key", name)
    if kind == "B":
        hint = "Omit `key`, and select the attributes of the table's key."
        yield Finding(place, f"AWS IoT writes no binary key, which `{name}` is", hint)
    elif kind == "N" and "${" not in value and not _NUMBER.fullmatch(value):
        message = f"`{name}` is a number, and `{value}` is none"
        yield Finding(place, message, "Write an expression in `${}`, such as `${timestamp()}`, or a number.")


RULE = Rule(
    code="IOT489",
    summary="A rule writes items with another key than the table's.",
    why=(
        "DynamoDB refuses an item without all attributes of the table's key, or with one of another type, so "
        "each message fails. AWS IoT writes keys that are texts or numbers."
    ),
    fix="Give each attribute of the table's key a value, and no other.",
    source="https://docs.aws.amazon.com/iot/latest/apireference/API_DynamoDBAction.html",
    check=check,
)
