"""The shape of a pipeline as far as its behaviour depends on it. Durations are microseconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class FunctionShape:
    """A function. `folders` hold its modules; `reserved` is None without a reservation.

    `dead_letters` is the queue for events that it fails on, None where Lambda drops them.
    """

    key: str
    handler: str
    folders: tuple[Path, ...]
    environment: Mapping[str, str]
    timeout: int
    memory: int
    reserved: int | None
    dead_letters: str | None
    retries: int = 2


@dataclass(frozen=True, kw_only=True)
class QueueShape:
    """A queue; `dead_letters` and `max_receives` are None for one that keeps its messages."""

    key: str
    name: str
    url: str
    arn: str
    visibility: int
    max_receives: int | None = None
    dead_letters: str | None = None


@dataclass(frozen=True, kw_only=True)
class PollShape:
    """A function that a queue triggers; `partial` is whether it names the messages of a batch that failed."""

    function: str
    queue: str
    batch_size: int
    window: int
    max_concurrency: int | None
    partial: bool


@dataclass(frozen=True, kw_only=True)
class WatchShape:
    """A function that a bucket's new objects trigger."""

    function: str
    bucket: str
    prefix: str
    suffix: str


@dataclass(frozen=True, kw_only=True)
class TargetShape:
    """Where a rule sends messages: the resource `key` of a `section`."""

    section: str
    key: str
    base64: bool = False

    @property
    def service(self) -> str:
        """The service that takes them."""
        return {"queues": "sqs", "tables": "dynamodb"}.get(self.section, "lambda")


@dataclass(frozen=True, kw_only=True)
class RuleShape:
    """A rule of AWS IoT. `topic` is its filter, None where messages reach it by Basic Ingest alone: `ingest`.

    `published` is the topic of a device, with `{device}`. `dead_letters` is the rule's own queue, None where
    the spec names another place for what fails.
    """

    key: str
    name: str
    sql: str
    topic: str | None
    ingest: str
    published: str
    targets: tuple[TargetShape, ...]
    on_error: TargetShape
    dead_letters: str | None


@dataclass(frozen=True, kw_only=True)
class EndpointShape:
    """A method of the API; `schema` is that of its body, None where it has none."""

    path: str
    method: str
    function: str
    schema: str | None


@dataclass(frozen=True, kw_only=True)
class TableShape:
    """A table and the attributes of its key."""

    key: str
    name: str
    attributes: tuple[str, ...]
    indexes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TopicShape:
    """A topic."""

    key: str
    arn: str


@dataclass(frozen=True, kw_only=True)
class ParameterShape:
    """A parameter; `value` is None for a secret, which iotgen never knows."""

    key: str
    name: str
    value: str | None


@dataclass(frozen=True, kw_only=True)
class BucketShape:
    """A bucket."""

    key: str
    name: str
    versioned: bool


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A pipeline."""

    region: str
    functions: tuple[FunctionShape, ...] = ()
    queues: tuple[QueueShape, ...] = ()
    polls: tuple[PollShape, ...] = ()
    watches: tuple[WatchShape, ...] = ()
    rules: tuple[RuleShape, ...] = ()
    endpoints: tuple[EndpointShape, ...] = ()
    tables: tuple[TableShape, ...] = ()
    topics: tuple[TopicShape, ...] = ()
    parameters: tuple[ParameterShape, ...] = ()
    buckets: tuple[BucketShape, ...] = ()
