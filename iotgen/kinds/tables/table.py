"""A DynamoDB table as it will be on AWS."""

from dataclasses import dataclass

from iotgen.model.resource import Resource

SECTION = "tables"
ADDRESS = "aws_dynamodb_table"


@dataclass(frozen=True)
class KeyAttribute:
    """An attribute of a table's key; `type` is DynamoDB's: S, N or B."""

    name: str
    type: str


@dataclass(frozen=True, kw_only=True)
class Table(Resource):
    """A DynamoDB table."""

    partition_key: KeyAttribute
    sort_key: KeyAttribute | None
    ttl: str | None
    point_in_time_recovery: bool
