"""The `ttl` attribute is a key that is not a number."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.tables import Table
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

_TYPES = {"S": "string", "B": "binary"}


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each table whose `ttl` is a key of another type; only keys have a declared type."""
    for table in pipeline.all(Table):
        for key in table.key_attributes:
            if key.name == table.ttl and key.type in _TYPES:
                message = (
                    f"the items of `{table.key}` never expire: `{key.name}` is a key of type "
                    f"{_TYPES[key.type]}, but `ttl` needs a number"
                )
                yield Finding(
                    (*table.path, "ttl"),
                    message,
                    "Set `ttl` to another attribute, with seconds since the epoch.",
                )


RULE = Rule(
    code="IOT371",
    summary="The `ttl` attribute of a table is a key that is not a number.",
    why=(
        "DynamoDB expires an item by an attribute of type number, which holds seconds since the epoch. It "
        "ignores items whose attribute has another type: they stay forever, without an error."
    ),
    fix="Set `ttl` to another attribute, with seconds since the epoch.",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html",
    check=check,
)
