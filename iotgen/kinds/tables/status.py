"""What is shown of a deployed table.

Metrics: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
"""

from collections.abc import Iterator

from iotgen.kinds.tables.table import Table
from iotgen.model.contents import Clients
from iotgen.model.status import Fact, Metric, Status

_COLUMNS = (
    ("read throttles", "throttled reads", "ReadThrottleEvents"),
    ("write throttles", "throttled writes", "WriteThrottleEvents"),
)


def _metrics(table: Table) -> Iterator[Metric]:
    own = {"TableName": table.name}
    for column, title, name in _COLUMNS:
        yield Metric(column=column, title=title, of=f"AWS/DynamoDB:{name}", dimensions=own, bad=True)


def _facts(clients: Clients, table: Table) -> Iterator[Fact]:
    about = clients("dynamodb").describe_table(TableName=table.name)["Table"]
    # DynamoDB counts them every six hours.
    yield Fact(column="items", value=int(about.get("ItemCount", 0)))
    if about["TableStatus"] != "ACTIVE":
        yield Fact(column="state", value=str(about["TableStatus"]))


TABLE_STATUS = Status(columns=("items", "read throttles", "write throttles"), metrics=_metrics, facts=_facts)
