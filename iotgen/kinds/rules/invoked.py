"""What a rule's SQL names: `aws_lambda("${functions.decode}", *)`, `get_dynamodb("${tables.devices}", ...)`.

It is named as a workflow's definition names it, which AWS IoT itself never sees.
https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-func-aws-lambda
"""

import re
from collections.abc import Iterator

from iotgen.iot_sql import Query
from iotgen.kinds.roles import ROLES, Role
from iotgen.model.called import Called, called
from iotgen.model.expression import Expression, joined
from iotgen.model.kind import Resolving
from iotgen.model.naming import MARK, reference
from iotgen.problem import Path

REFERENCE = re.compile(r"\$\{functions\.([\w-]+)(?:\.arn)?\}")
# The keys of functions and how they are called, by the references as they are written.
Functions = dict[str, tuple[str, Called]]


def invoked(context: Resolving, query: Query, path: Path) -> Functions:
    """The functions that a statement calls."""
    found: Functions = {}
    for one in query.invocations:
        match = REFERENCE.fullmatch(one.function)
        if match and context.has("functions", match[1], path):
            found[one.function] = match[1], called(context, match[1])
    return found


def statement(
    context: Resolving, query: Query, sql: str, functions: Functions, path: Path
) -> str | Expression:
    """A statement with the names of the resources that it refers to, and the ARNs of functions and roles."""
    parts = tuple(_parts(context, query, sql, functions, path))
    plain = [one for one in parts if isinstance(one, str)]
    return "".join(plain) if len(plain) == len(parts) else joined(*parts)


def _parts(
    context: Resolving, query: Query, sql: str, functions: Functions, path: Path
) -> Iterator[str | Expression]:
    called = {one.at for one in query.invocations}
    end = 0
    for match in MARK.finditer(sql):
        yield sql[end : match.start()]
        end = match.end()
        if match[0] in functions:
            yield functions[match[0]][1].arn
        elif match.start() in called:  # which a rule reports
            yield match[0]
        else:
            yield _value(context, match, path, (sql, match.start())) or match[0]
    yield sql[end:]


def _value(
    context: Resolving, match: re.Match[str], path: Path, within: tuple[str, int]
) -> str | Expression | None:
    section, _, key = match[1].partition(".")
    if section != ROLES.section:
        return reference(context, match, path, within)
    key = key.removesuffix(".arn")
    return context.resources.get(Role, key).arn if context.has(section, key, path) else None
