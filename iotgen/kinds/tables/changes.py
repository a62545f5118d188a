"""Changes of a deployed table that an apply cannot make, or not at once: of its key, `ttl` and indexes."""

import shlex
from collections.abc import Iterator, Mapping

from iotgen.kinds.tables.table import ADDRESS, Index, KeyAttribute, Table
from iotgen.model.change import Attributes, Deployed, fails, interrupts, loses, named_anew, stays
from iotgen.model.pipeline import Pipeline
from iotgen.problem import Finding

_TYPES = {"S": "string", "N": "number", "B": "binary"}


def table_changes(tables: tuple[Table, ...], pipeline: Pipeline, deployed: Deployed) -> Iterator[Finding]:
    """A changed name or key, or else a changed `ttl` and changed indexes."""
    for table in tables:
        attributes = deployed.get(f"{ADDRESS}.{table.label}")
        if attributes:
            named = named_anew(table, "table", attributes, pipeline.suffix)
            changed = [*named, *_key_changes(table, attributes)]
            yield from changed or (*_ttl(table, attributes), *_index_changes(table, attributes))


def _key_changes(table: Table, attributes: Attributes) -> Iterator[Finding]:
    types = {one["name"]: one["type"] for one in attributes.get("attribute") or ()}
    old = [(name, types.get(name)) for name in (attributes["hash_key"], attributes.get("range_key")) if name]
    new = [(key.name, key.type) for key in (table.partition_key, table.sort_key) if key]
    if old == new:
        return
    same_partition = old[0] == new[0]
    yield loses(
        (*table.path, "sort_key" if same_partition else "partition_key"),
        f"the table `{table.key}` is deployed with the key {_key(old)}, and DynamoDB cannot change a key: "
        "the table would be replaced by an empty one",
        f"Add a table under another key, such as `{table.key}-2`, copy the items, and remove this one later.",
    )


def _key(attributes: list[tuple[str, str | None]]) -> str:
    return " and ".join(f"`{name}` ({_TYPES.get(kind or '', kind)})" for name, kind in attributes)


def _index_changes(table: Table, attributes: Attributes) -> Iterator[Finding]:
    """Indexes under the same name with another key or projection; of several, the provider builds one by one.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.OnlineOps.html
    https://github.com/hashicorp/terraform/pull/13256
    """
    types = {one["name"]: one["type"] for one in attributes.get("attribute") or ()}
    there = {one["name"]: one for one in attributes.get("global_secondary_index") or ()}
    for index in table.indexes:
        old = there.get(index.name)
        if old and _form(old, types) != _wanted(index):
            yield interrupts(
                index.path,
                f"the index `{index.name}` of `{table.key}` is removed and built anew: until that is done, "
                "queries of it fail",
                f"Add one under another name, such as `{index.name}-2`, and remove this one when nothing "
                "queries it.",
            )


def _form(old: Attributes, types: Mapping[str, str]) -> tuple[object, ...]:
    keys = tuple(
        KeyAttribute(name, types.get(name, "")) for name in (old["hash_key"], old.get("range_key")) if name
    )
    return keys, old["projection_type"], frozenset(old.get("non_key_attributes") or ())


def _wanted(index: Index) -> tuple[object, ...]:
    return index.keys, index.projection, frozenset(index.attributes)


def _ttl(table: Table, attributes: Attributes) -> Iterator[Finding]:
    """A removed `ttl`, which the provider ignores, or another one, which DynamoDB rejects.

    https://github.com/hashicorp/terraform-provider-aws/issues/44730
    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
    """
    on = [one["attribute_name"] for one in attributes.get("ttl") or () if one.get("enabled")]
    if not on or on == [table.ttl]:
        return
    command = (
        f"aws dynamodb update-time-to-live --table-name {table.name} "
        f"--time-to-live-specification {shlex.quote(f'Enabled=false,AttributeName={on[0]}')}"
    )
    if table.ttl:
        yield fails(
            (*table.path, "ttl"),
            f"the items of the table `{table.key}` expire by `{on[0]}`, and DynamoDB rejects another "
            "attribute until that is disabled",
            f"Disable it first, and apply an hour later: {command}",
        )
    else:
        yield stays(
            table.path,
            f"the items of the table `{table.key}` still expire by `{on[0]}`: "
            "Terraform does not disable that",
            f"Disable it by hand: {command}",
        )
