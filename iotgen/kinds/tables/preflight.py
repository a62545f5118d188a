"""The names of tables that are taken."""

from collections.abc import Iterator

from iotgen.kinds.tables.table import Table
from iotgen.model.preflight import Account, Check


def table_preflight(tables: tuple[Table, ...], account: Account) -> Iterator[Check]:
    """An error for each name that a table outside of this environment has."""
    client = account.client("dynamodb")
    for table in tables:
        try:
            arn = client.describe_table(TableName=table.name)["Table"]["TableArn"]
        except client.exceptions.ResourceNotFoundException:
            continue
        yield from account.taken("the table", table.name, table.path, arn)
