"""The functions that a rule's SQL calls: `aws_lambda("${functions.decode}", *)`.

They are named as a workflow's definition names them, which AWS IoT itself never sees.
https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-func-aws-lambda
"""

import re
from collections.abc import Iterator

from iotgen.iot_sql import Query
from iotgen.kinds.functions.called import called
from iotgen.model.called import Called
from iotgen.model.expression import Expression, joined
from iotgen.model.kind import Resolving
from iotgen.problem import Path

REFERENCE = re.compile(r"\$\{functions\.([\w-]+)(?:\.arn)?\}")


def invoked(context: Resolving, query: Query, path: Path) -> dict[str, tuple[str, Called]]:
    """The keys of the functions that a statement refers to, by the references as they are written."""
    found: dict[str, tuple[str, Called]] = {}
    for one in query.invocations:
        match = REFERENCE.fullmatch(one.function)
        if match and context.has("functions", match[1], path):
            found[one.function] = match[1], called(context, match[1])
    return found


def statement(query: Query, sql: str, functions: dict[str, tuple[str, Called]]) -> str | Expression:
    """A statement with the ARNs of the functions that it refers to."""
    return joined(*_parts(query, sql, functions)) if functions else sql


def _parts(query: Query, sql: str, functions: dict[str, tuple[str, Called]]) -> Iterator[str | Expression]:
    end = 0
    for one in query.invocations:
        if one.function in functions:
            yield sql[end : one.at]
            yield functions[one.function][1].arn
            end = one.at + len(one.function)
    yield sql[end:]
