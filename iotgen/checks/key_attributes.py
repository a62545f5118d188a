"""The sort key of a table or an index is its partition key."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.tables import Table
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each table and index whose sort key is its partition key."""
    for table in pipeline.all(Table):
        keyed = [(table.key, table.keys, table.path)]
        keyed += [(index.name, index.keys, index.path) for index in table.indexes]
        for name, keys, path in keyed:
            if len({key.name for key in keys}) < len(keys):
                message = f"the sort key of `{name}` is its partition key, `{keys[0].name}`"
                yield Finding((*path, "sort_key"), message, "Sort by another attribute, or omit `sort_key`.")


RULE = Rule(
    code="IOT370",
    summary="The sort key of a table or an index is its partition key.",
    why=(
        "The primary key of a DynamoDB table is one attribute, or two different ones. DynamoDB refuses a "
        "table whose keys are the same attribute."
    ),
    fix="Sort by another attribute, or omit `sort_key`.",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.CoreComponents.html",
    check=check,
)
