"""The alarms of tables."""

from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.model.alarms.maker import AlarmMaker
from iotgen.model.expression import Reference
from iotgen.model.pipeline import Alarm, Table


def table_alarms(make: AlarmMaker, settings: Mapping[str, Any], tables: tuple[Table, ...]) -> Iterator[Alarm]:
    """Throttled reads and writes of each table."""
    throttles = settings["throttles"]
    if not throttles:
        return
    for table in tables:
        # ThrottledRequests and UserErrors have no dimension of the table alone; these two have.
        # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
        own = {"TableName": Reference(f"aws_dynamodb_table.{table.label}.name")}
        for kind in ("Read", "Write"):
            key = f"{table.key}-{kind.lower()}-throttles"
            description = f"{kind}s of {table.name} are throttled"
            yield make(key, table.path, description, f"AWS/DynamoDB:{kind}ThrottleEvents", own, throttles)
