"""A table's key, and what its items expire by."""

import shlex
from collections.abc import Iterator

from iotgen.changes.found import FAILS, LOSES, STAYS, Attributes, Found
from iotgen.kinds.tables import Table

_TYPES = {"S": "string", "N": "number", "B": "binary"}


def table_changes(table: Table, deployed: Attributes) -> Iterator[Found]:
    """Another key, or else another `ttl`."""
    yield from [*_key_changes(table, deployed)] or _ttl(table, deployed)


def _key_changes(table: Table, deployed: Attributes) -> Iterator[Found]:
    if not deployed:
        return
    types = {one["name"]: one["type"] for one in deployed.get("attribute") or ()}
    was = [(name, types.get(name)) for name in (deployed["hash_key"], deployed.get("range_key")) if name]
    wanted = [(key.name, key.type) for key in (table.partition_key, table.sort_key) if key]
    if was == wanted:
        return
    same_partition = was[0] == wanted[0]
    yield (
        (*table.path, "sort_key" if same_partition else "partition_key"),
        LOSES,
        f"the table `{table.key}` is deployed with the key {_key(was)}, and DynamoDB cannot change a key: "
        "the table would be replaced by an empty one",
        f"Add a table under another key, such as `{table.key}-2`, copy the items, and remove this one later.",
    )


def _key(attributes: list[tuple[str, str | None]]) -> str:
    return " and ".join(f"`{name}` ({_TYPES.get(kind or '', kind)})" for name, kind in attributes)


def _ttl(table: Table, deployed: Attributes) -> Iterator[Found]:
    """A `ttl` that is gone, which the provider ignores, or that is another, which DynamoDB refuses.

    https://github.com/hashicorp/terraform-provider-aws/issues/44730
    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
    """
    on = [one["attribute_name"] for one in deployed.get("ttl") or () if one.get("enabled")]
    if not on or on == [table.ttl]:
        return
    command = (
        f"aws dynamodb update-time-to-live --table-name {table.name} "
        f"--time-to-live-specification {shlex.quote(f'Enabled=false,AttributeName={on[0]}')}"
    )
    if table.ttl:
        yield (
            (*table.path, "ttl"),
            FAILS,
            f"the items of the table `{table.key}` expire by `{on[0]}`, and DynamoDB takes no other "
            "attribute as long as that is on",
            f"Switch it off first, and apply an hour later: {command}",
        )
    else:
        yield (
            table.path,
            STAYS,
            f"the items of the table `{table.key}` still expire by `{on[0]}`: "
            "Terraform does not switch that off",
            f"Switch it off by hand: {command}",
        )
