"""A DynamoDB table as it will be on AWS."""

from dataclasses import dataclass

from iotgen.model.expression import Expression
from iotgen.model.resource import Resource
from iotgen.problem import Path

SECTION = "tables"
ADDRESS = "aws_dynamodb_table"


@dataclass(frozen=True)
class KeyAttribute:
    """An attribute of a table's key; `type` is DynamoDB's: S, N or B."""

    name: str
    type: str


@dataclass(frozen=True)
class Capacity:
    """Read and write units a second, which are paid for whether they are used or not."""

    read: int
    write: int


@dataclass(frozen=True, kw_only=True)
class Index:
    """A global secondary index; `projection` is DynamoDB's: ALL, KEYS_ONLY, or INCLUDE for `attributes`.

    It has a `capacity` if its table has one.
    """

    name: str
    partition_key: KeyAttribute
    sort_key: KeyAttribute | None
    projection: str
    attributes: tuple[str, ...]
    capacity: Capacity | None
    path: Path

    @property
    def keys(self) -> tuple[KeyAttribute, ...]:
        """One or two."""
        return (self.partition_key, self.sort_key) if self.sort_key else (self.partition_key,)


@dataclass(frozen=True, kw_only=True)
class Table(Resource):
    """A DynamoDB table.

    `stream` is what its stream has of a change, in DynamoDB's words, None without a stream. `kms_key` is the
    ARN of the KMS key that encrypts it, None with DynamoDB's own. A table on demand has no `capacity`.
    """

    partition_key: KeyAttribute
    sort_key: KeyAttribute | None
    indexes: tuple[Index, ...]
    stream: str | None
    storage_class: str
    capacity: Capacity | None
    ttl: str | None
    point_in_time_recovery: bool
    deletion_protection: bool
    kms_key: str | Expression | None

    @property
    def keys(self) -> tuple[KeyAttribute, ...]:
        """One or two."""
        return (self.partition_key, self.sort_key) if self.sort_key else (self.partition_key,)

    @property
    def capacities(self) -> tuple[Capacity, ...]:
        """Those of the table and its indexes, none on demand."""
        all_of_them = (self.capacity, *(index.capacity for index in self.indexes))
        return tuple(one for one in all_of_them if one)

    @property
    def key_attributes(self) -> tuple[KeyAttribute, ...]:
        """The attributes of all keys, each once: DynamoDB is told the types of these and of no others."""
        first: dict[str, KeyAttribute] = {}
        for key in (*self.keys, *(key for index in self.indexes for key in index.keys)):
            first.setdefault(key.name, key)
        return tuple(first.values())
