"""The indexes of a table list more attributes than DynamoDB projects."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.tables import Table
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

_MOST = 100


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each table whose indexes list too many attributes together."""
    for table in pipeline.all(Table):
        listed = sum(len(index.attributes) for index in table.indexes)
        if listed > _MOST:
            message = (
                f"the indexes of `{table.key}` list {listed} attributes to project, and may list {_MOST}"
            )
            yield Finding(
                (*table.path, "indexes"), message, "Project `all`, or fewer attributes.", at_key=True
            )


RULE = Rule(
    code="IOT461",
    summary="The indexes of a table list more attributes than DynamoDB projects.",
    why=(
        "The lists of attributes of all indexes of a table may have 100 entries together, the same attribute "
        "in two indexes counted twice. DynamoDB refuses a table with more."
    ),
    fix="Project `all`, or fewer attributes.",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Projection.html",
    check=check,
)
