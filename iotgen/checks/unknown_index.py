"""A handler queries an index that no table of its access has."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.tables import TABLES, Table
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.spec.nearest import nearest
from iotgen.usage.modules import read_code
from iotgen.usage.reached import uses


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each constant name of an index in a function's calls that none of its tables has."""
    for function in pipeline.all(Function):
        granted = {grant.key for grant in function.grants if grant.section == TABLES.section}
        tables = [table for table in pipeline.all(Table) if table.key in granted]
        if len(tables) < len(granted):
            continue  # the indexes of a table that exists already are not known
        known = {index.name for table in tables for index in table.indexes}
        code = read_code(function, sources) if tables and pipeline.settled(function.path) else None
        for call in uses(code, function.entry).calls if code else ():
            name = call.text("IndexName") if call.service == "dynamodb" else ""
            if name and name not in known:
                yield _finding(function, tables, name, call.place, known)


def _finding(function: Function, tables: list[Table], name: str, place: str, known: set[str]) -> Finding:
    message = f"`{function.key}` queries the index `{name}` ({place}), which none of its tables has"
    near = nearest(name, sorted(known))
    declare = f"declare it under `indexes` of `{tables[0].key}`."
    hint = f"Did you mean `{near}`? If not, {declare}" if near else f"D{declare[1:]}"
    return Finding((*function.path, "access", TABLES.section), message, hint, at_key=True)


RULE = Rule(
    code="IOT462",
    severity=Severity.WARNING,
    summary="A handler queries an index that no table of its access has.",
    why="DynamoDB refuses a query of an index that does not exist, and IAM one that no permission is for.",
    fix="Declare the index under the table's `indexes`, or correct the name in the handler.",
    ignore="The name is of an index that something else adds to the table.",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html",
    check=check,
)
