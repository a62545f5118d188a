"""The shape of a pipeline as far as its behaviour depends on it. Durations are microseconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


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
    """A function that a queue triggers; `partial` is whether it names the messages of a batch that failed.

    Messages that match none of the `filters` are deleted, if there are any.
    """

    function: str
    queue: str
    batch_size: int
    window: int
    max_concurrency: int | None
    partial: bool
    filters: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class WatchShape:
    """A function that a bucket's new objects trigger."""

    function: str
    bucket: str
    prefix: str
    suffix: str


# The services of the sections that others send to.
SERVICES = {
    "queues": "sqs",
    "tables": "dynamodb",
    "topics": "sns",
    "streams": "kinesis",
    "functions": "lambda",
}


@dataclass(frozen=True, kw_only=True)
class SubscriptionShape:
    """What a topic delivers to: the queue or function `key` of a `section`.

    `filter` is its policy, which with `body` is for the message's body. `failed` is the queue for what cannot
    be delivered, None where it is dropped.
    """

    name: str
    topic: str
    section: str
    key: str
    raw: bool
    filter: Mapping[str, Any] | None
    body: bool
    failed: str | None

    @property
    def service(self) -> str:
        """The service that takes the messages."""
        return SERVICES[self.section]


@dataclass(frozen=True, kw_only=True)
class StreamShape:
    """A stream of Kinesis."""

    key: str
    name: str


@dataclass(frozen=True, kw_only=True)
class FollowShape:
    """A function that the records of a stream or the changes of a table trigger: `source` of `section`.

    Batches go to the function in the order of each of `lanes`: the shards, and what runs in parallel there.
    `failed` is the queue for what is given up.
    """

    function: str
    section: str
    source: str
    arn: str
    lanes: int
    batch_size: int
    window: int
    bisect: bool
    max_retries: int | None
    max_age: int | None
    failed: str | None
    partial: bool
    filters: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, kw_only=True)
class TickShape:
    """An event of a schedule, each `every` microseconds, or of a bus, now and then."""

    function: str
    name: str
    event: str
    every: int | None


@dataclass(frozen=True, kw_only=True)
class TargetShape:
    """Where a rule sends messages: the resource `key` of a `section`."""

    section: str
    key: str
    base64: bool = False

    @property
    def service(self) -> str:
        """The service that takes them."""
        return SERVICES[self.section]


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
    """A table and the attributes of its key; `stream` is what its stream has of a change, if it has one.

    `writes` are those a second that it has a capacity for, the least of the table's and its indexes', None on
    demand.
    """

    key: str
    name: str
    attributes: tuple[str, ...]
    indexes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stream: str | None = None
    writes: int | None = None


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
    subscriptions: tuple[SubscriptionShape, ...] = ()
    streams: tuple[StreamShape, ...] = ()
    follows: tuple[FollowShape, ...] = ()
    ticks: tuple[TickShape, ...] = ()
    endpoints: tuple[EndpointShape, ...] = ()
    tables: tuple[TableShape, ...] = ()
    topics: tuple[TopicShape, ...] = ()
    parameters: tuple[ParameterShape, ...] = ()
    buckets: tuple[BucketShape, ...] = ()
