"""An attribute has different types in the keys of a table and its indexes."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.tables import Table
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

_TYPES = {"S": "string", "N": "number", "B": "binary"}


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each key of an index that has another type elsewhere in the table."""
    for table in pipeline.all(Table):
        types = {key.name: key.type for key in table.key_attributes}
        for index in table.indexes:
            settings = zip(("partition_key", "sort_key"), index.keys, strict=False)
            for setting, key in settings:
                if key.type != types[key.name]:
                    message = (
                        f"`{key.name}` is a {_TYPES[types[key.name]]} in `{table.key}`, but a "
                        f"{_TYPES[key.type]} in its index `{index.name}`"
                    )
                    hint = f"Write `{setting}: {{{key.name}: {_TYPES[types[key.name]]}}}`."
                    yield Finding((*index.path, setting), message, hint)


RULE = Rule(
    code="IOT460",
    summary="An attribute has different types in the keys of a table and its indexes.",
    why=(
        "A table declares the type of each attribute that is a key, its own or an index's, once. DynamoDB "
        "refuses a table that declares two types for one."
    ),
    fix="Give the attribute the type that it has in the items.",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeDefinition.html",
    check=check,
)
