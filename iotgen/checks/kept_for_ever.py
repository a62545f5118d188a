"""A table whose items never expire."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule, listed
from iotgen.kinds.tables import Table
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Report all tables without `ttl`, at the first of them."""
    kept = [table for table in pipeline.all(Table) if table.ttl is None and pipeline.settled(table.path)]
    if not kept:
        return
    items = f"items of {listed([table.key for table in kept])} never expire"
    backups = ", and remain in backups" if any(table.point_in_time_recovery for table in kept) else ""
    have = "it has" if len(kept) == 1 else "they have"
    hint = "Add `ttl: expires_at`, and have functions write that attribute in seconds since the epoch."
    yield Finding(kept[0].path, f"{items}{backups}: {have} no `ttl`", hint, at_key=True)


RULE = Rule(
    code="IOT372",
    severity=Severity.INFO,
    summary="The items of a table never expire.",
    why=(
        "DynamoDB keeps an item until something deletes it, and storage costs by the month. With `ttl` it "
        "deletes expired items by itself, at no cost."
    ),
    fix="Add `ttl` with the attribute that holds when an item expires, unless the data must be kept forever.",
    ignore="The data must be kept forever, or something else deletes it.",
    source="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html",
    check=check,
)
