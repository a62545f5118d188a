"""What a table costs: request units on demand or a capacity, and what is stored.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
"""

from collections.abc import Iterator
from dataclasses import replace

from iotgen.kinds.tables.table import Table
from iotgen.model.cost import DAYS, Amounts, Charge, Costs, Lever, Scope, Use, Work, units

_WRITE_UNIT = 1024
_READ_UNIT = 4096
# DynamoDB's own bytes for each item:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
_OVERHEAD = 100
_HOURS = 24


def _charges(table: Table, uses: tuple[Use, ...], scope: Scope) -> Iterator[Charge]:
    months = scope.kept(scope.retention if table.ttl else None)
    for capacity in table.capacities:
        yield Charge("dynamodb.write_capacity", capacity.write * DAYS * _HOURS, f"table {table.key}")
        yield Charge("dynamodb.read_capacity", capacity.read * DAYS * _HOURS, f"table {table.key}")
    for use in uses:
        # An index is written with each item, and stores it again, as far as it projects it.
        if not table.capacity:
            yield Charge("dynamodb.writes", use.get("writes") * (1 + len(table.indexes)), use.path)
            yield Charge("dynamodb.reads", use.get("reads"), use.path)
        stored = (use.get("row_bytes") + use.get("rows") * _OVERHEAD) * months / 1e9
        whole = sum(index.projection == "ALL" for index in table.indexes)
        yield Charge("dynamodb.storage", stored * (1 + whole), use.path, kept=True)
        if table.point_in_time_recovery:
            yield Charge("dynamodb.backup", stored, use.path, kept=True)


def _write(work: Work) -> Amounts:
    """Rows that are kept; calls without rows are notes of less than a unit, which expire by themselves."""
    if not work.rows:
        return {"writes": work.calls}
    return {
        "writes": work.rows * units(work.bytes, _WRITE_UNIT),
        "rows": work.rows,
        "row_bytes": work.rows * work.bytes,
    }


def _read(work: Work) -> Amounts:
    """Reads that may lag behind writes: half a unit for each 4 KB begun."""
    rows = work.rows / work.calls if work.calls else 0
    return {"reads": work.calls * units(rows * work.bytes, _READ_UNIT) / 2}


def _nothing(_work: Work) -> Amounts:
    return {}


def _without_backup(tables: tuple[Table, ...]) -> tuple[Table, ...]:
    return tuple(replace(table, point_in_time_recovery=False) for table in tables)


TABLE_COSTS: Costs[Table] = Costs(
    charges=_charges,
    calls={
        "get": _read,
        "query": _read,
        "read": _read,
        "put": _write,
        "update": _write,
        "write": _write,
        "batch_write": _write,
        "delete": _write,
        "scan": _read,
        "batch_get": _read,
        "describe": _nothing,
        "partiql_select": _read,
        "partiql_insert": _write,
        "partiql_update": _write,
        "partiql_delete": _write,
    },
    per_reading={},
    apart=False,
    levers=(Lever(setting="point_in_time_recovery: false", change=_without_backup),),
)
