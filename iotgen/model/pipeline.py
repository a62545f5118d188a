"""The pipeline as it will be on AWS.

Every resource has its `key` in the spec, its `name` on AWS (`<key>-<suffix>`), its Terraform `label`
and its `path` in the spec, by which rules find its place. Times are in seconds unless a name says otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from iotgen.model.expression import Expression, Joined, Label, Reference
from iotgen.problem import Problem
from iotgen.spec.document import Path as Path

# A resource: its section of the spec and its key.
Named = tuple[str, str]

# Path and text of each file in a folder; a text is None where it can't be read.
PythonFiles = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Resource:
    """What all resources have."""

    key: str
    name: str
    label: Label
    path: Path


@dataclass(frozen=True)
class KeyAttribute:
    """An attribute of a table's key; `type` is DynamoDB's: S, N or B."""

    name: str
    type: str


@dataclass(frozen=True)
class Table(Resource):
    """A DynamoDB table."""

    partition_key: KeyAttribute
    sort_key: KeyAttribute | None
    ttl: str | None
    point_in_time_recovery: bool


@dataclass(frozen=True)
class Queue(Resource):
    """An SQS queue with its dead-letter queue."""

    max_receives: int
    visibility_timeout: int
    retention_days: int
    dead_letter_name: str
    dead_letter_label: Label


@dataclass(frozen=True)
class Subscription:
    """A receiver of a topic: `protocol` email or https."""

    label: Label
    protocol: str
    endpoint: str


@dataclass(frozen=True)
class Topic(Resource):
    """An SNS topic."""

    subscriptions: tuple[Subscription, ...]


@dataclass(frozen=True)
class Notification:
    """Which new objects of a bucket call which function."""

    id: str
    function: str
    prefix: str
    suffix: str | None


@dataclass(frozen=True)
class Bucket(Resource):
    """An S3 bucket; its `name` has `{account}` where `full_name` refers to the account's id.

    `permissions` are the addresses of those that its notifications need.
    """

    full_name: Joined
    expire_days: int | None
    versioned: bool
    notifications: tuple[Notification, ...]
    permissions: tuple[str, ...]


@dataclass(frozen=True)
class Parameter(Resource):
    """A Systems Manager parameter; `value` is None for a secure one, `schema` the file that describes it."""

    description: str | None
    value: str | None
    schema: str | None = None

    @property
    def secure(self) -> bool:
        """Whether it is a SecureString."""
        return self.value is None


@dataclass(frozen=True)
class Layer(Resource):
    """A Lambda layer, built for one runtime and architecture."""

    requirements: str
    runtime: str
    architecture: str

    @property
    def zip(self) -> str:
        """Where its zip lies in the rendered folder."""
        return f"artifacts/layers/{self.key}.zip"


@dataclass(frozen=True)
class Statement:
    """What a role may do: IAM actions on resources, under conditions of (test, variable, values).

    With `deny` it is what the role may not do, whatever else is said.
    """

    sid: str
    actions: tuple[str, ...]
    resources: tuple[Expression | str, ...]
    conditions: tuple[tuple[str, str, tuple[Expression | str, ...]], ...] = ()
    deny: bool = False


@dataclass(frozen=True)
class Grant:
    """Access to the resource `key` of `section`; `verb` is as in the spec, a list with dashes between."""

    section: str
    key: str
    verb: Any
    address: str
    arn: Joined


@dataclass(frozen=True)
class QueueTrigger:
    """Messages of a queue call a function."""

    queue: Queue
    label: Label
    batch_size: int
    batch_window: int
    max_concurrency: int | None
    path: Path


@dataclass(frozen=True)
class BucketTrigger:
    """New objects of a bucket call a function."""

    bucket: str
    bucket_label: Label
    label: Label
    prefix: str
    suffix: str | None
    path: Path


@dataclass(frozen=True)
class Vpc:
    """The ids of the subnets and security groups that a function runs in."""

    subnets: tuple[str, ...]
    security_groups: tuple[str, ...]


@dataclass(frozen=True)
class Function(Resource):
    """A Lambda function with its role, log group and dead-letter queue.

    `environment` holds literal texts and references; `memory` is in MiB; `inherited` names the settings
    that come from `defaults.function`.
    """

    inherited: frozenset[str]
    description: str | None
    source: str
    include: tuple[str, ...]
    handler: str
    runtime: str
    architecture: str
    memory: int
    timeout: int
    reserved_concurrency: int | None
    log_retention_days: int
    log_level: str
    layers: tuple[Layer, ...]
    vpc: Vpc | None
    code_signing: str | None
    environment: Mapping[str, str | Expression]
    grants: tuple[Grant, ...]
    statements: tuple[Statement, ...]
    queue_triggers: tuple[QueueTrigger, ...]
    bucket_triggers: tuple[BucketTrigger, ...]
    dead_letter_name: str
    dead_letter_label: Label

    @property
    def queue_concurrency(self) -> int:
        """How many executions at a time its queues may take of what is reserved."""
        return sum(trigger.max_concurrency or 0 for trigger in self.queue_triggers)

    @property
    def request_concurrency(self) -> int | None:
        """How many executions at a time its queues always leave to others; None without a reservation."""
        if self.reserved_concurrency is None:
            return None
        return max(0, self.reserved_concurrency - self.queue_concurrency)

    def setting(self, name: str) -> Path:
        """Where in the spec a setting stands: with the function, or with the defaults of all."""
        return ("defaults", "function", name) if name in self.inherited else (*self.path, name)

    @property
    def zip(self) -> str:
        """Where its zip lies in the rendered folder."""
        return f"artifacts/{self.key}.zip"


@dataclass(frozen=True)
class ApiResource:
    """A part of a path; `parent` is the label of the part before it, None below the root."""

    label: Label
    part: str
    parent: Label | None


@dataclass(frozen=True)
class RequestModel:
    """A JSON Schema that API Gateway holds bodies against; `schema` is its text as it is deployed."""

    label: Label
    name: str
    schema: str


@dataclass(frozen=True)
class Endpoint:
    """A method of the API and the function behind it; `route` is the path on AWS without its first slash.

    `caller_name` is the name of the policy that lets its holder call it; `written` names the settings that
    the spec has for it.
    """

    label: Label
    resource: Label
    route: str
    method: str
    function: Function
    invoke_arn: Expression
    body: str | None
    model: RequestModel | None
    parameters: Mapping[str, bool]
    caller_name: str
    path: Path
    written: frozenset[str]


@dataclass(frozen=True)
class Api(Resource):
    """The REST API with its one stage; `rate` is in requests a second for each endpoint."""

    stage: str
    rate: int | None
    burst: int | None
    manage_account: bool
    log_retention_days: int
    web_acl: str | None
    resources: tuple[ApiResource, ...]
    models: tuple[RequestModel, ...]
    endpoints: tuple[Endpoint, ...]
    execution_log_group: Expression


@dataclass(frozen=True)
class Alarm(Resource):
    """A CloudWatch alarm that fires after `periods` periods of `period` seconds at the threshold or above it.

    With `below` it fires under the threshold, and also where there are no data.
    """

    description: str
    namespace: str
    metric: str
    dimensions: Mapping[str, str | Expression]
    statistic: str
    threshold: float
    period: int
    topic: str | None
    periods: int = 1
    below: bool = False


@dataclass(frozen=True)
class State:
    """An S3 object that holds Terraform's state."""

    bucket: str
    key: str
    region: str


@dataclass(frozen=True)
class Pipeline:
    """Everything, each kind in the order of the spec.

    `encryption_key` is the ARN of the KMS key that the pipeline makes for itself, None with AWS's own keys.
    `referred` has what something in the spec refers to. `unsettled` has the sections and resources that
    other problems leave open: where a reference leads nowhere or a setting is not sound, and what that may
    have meant. What a rule would find of these follows from what is told already.
    """

    name: str
    suffix: str
    region: str
    tags: Mapping[str, str]
    state: State | None
    encryption_key: Reference | None
    parameters: tuple[Parameter, ...]
    layers: tuple[Layer, ...]
    tables: tuple[Table, ...]
    queues: tuple[Queue, ...]
    topics: tuple[Topic, ...]
    buckets: tuple[Bucket, ...]
    functions: tuple[Function, ...]
    api: Api | None
    alarms: tuple[Alarm, ...]
    referred: frozenset[Named] = frozenset()
    unsettled: frozenset[Path] = frozenset()

    def settled(self, path: Path) -> bool:
        """Whether the resource or setting at `path` is as the spec means it, by all that is known."""
        return not any(path[:length] in self.unsettled for length in range(1, len(path) + 1))

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The endpoints of the API, none without one."""
        return self.api.endpoints if self.api else ()

    def endpoint_count(self, function: Function) -> int:
        """How many endpoints call `function`; each is throttled by itself."""
        return sum(endpoint.function.key == function.key for endpoint in self.endpoints)

    @property
    def request_schemas(self) -> dict[str, Path]:
        """The files that bodies are held against and that hold a JSON object, each with its first place."""
        found: dict[str, Path] = {}
        for endpoint in self.endpoints:
            if endpoint.model and endpoint.body:
                found.setdefault(endpoint.body, (*endpoint.path, "body"))
        return found

    @property
    def runtimes(self) -> dict[str, Path]:
        """The functions' runtimes, each with its first place in the spec."""
        found: dict[str, Path] = {}
        for function in self.functions:
            found.setdefault(function.runtime, function.setting("runtime"))
        return found


@dataclass(frozen=True)
class Sources:
    """What the project's files hold, read before the spec is resolved.

    `folders` has the files (paths below it) of each folder that the spec names, None where there is
    none; `texts` the text of each file, None where there is none; `code` the Python of each folder, None
    where there is none, or more than anyone writes by hand. `beside` has, for a path that isn't there,
    those that are and differ from it in one part. `today` is the day of the check. `layer_modules` has the
    modules at the top of each layer that is built already, by the layer's key. `unreadable` has a problem for
    each file that is there, and None all the same. `outside` are the paths, named in the spec or in a folder
    that is, that lead out of the project: these are not read.
    """

    folders: Mapping[str, tuple[str, ...] | None]
    texts: Mapping[str, str | None]
    code: Mapping[str, PythonFiles | None] = field(default_factory=dict)
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    today: date = date.min
    layer_modules: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unreadable: tuple[Problem, ...] = ()
    outside: frozenset[str] = frozenset()

    def text(self, path: str) -> str | None:
        """The text of the file at `path`, None when it isn't there."""
        return self.texts.get(path)

    def python(self) -> dict[str, str]:
        """The text of each Python file by its path in the project."""
        return {
            f"{folder.rstrip('/')}/{path}": text
            for folder, files in self.code.items()
            for path, text in files or ()
            if text is not None
        }
