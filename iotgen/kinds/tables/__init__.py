"""Tables: items in DynamoDB."""

from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.kinds.tables.changes import table_changes
from iotgen.kinds.tables.contents import table_contents
from iotgen.kinds.tables.costs import TABLE_COSTS
from iotgen.kinds.tables.preflight import table_preflight
from iotgen.kinds.tables.rows import TABLE_TRACES
from iotgen.kinds.tables.status import TABLE_STATUS
from iotgen.kinds.tables.table import ADDRESS, SECTION, Capacity, Index, KeyAttribute, Table
from iotgen.model.access import Access, Grant, Spoken, Variable, Verb, statement
from iotgen.model.alarm import Alarm, AlarmMaker
from iotgen.model.arn import arn
from iotgen.model.change import Attributes
from iotgen.model.contents import Refusal
from iotgen.model.context import Context
from iotgen.model.derived import no_derived
from iotgen.model.drawing import Node, Style
from iotgen.model.expression import Joined, Reference, joined
from iotgen.model.kind import Kind, Name, Resolving, Settings
from iotgen.model.live import Live, live_name
from iotgen.model.log_group import no_logs
from iotgen.model.outside import Form, Outside
from iotgen.model.pipeline import Pipeline
from iotgen.model.policy import Statement
from iotgen.model.rendering import Digests, Output, Rendering, output_of
from iotgen.problem import Path

__all__ = ["TABLES", "Table"]

_TYPES = {"string": "S", "number": "N", "binary": "B"}
_CLASSES = {"standard": "STANDARD", "infrequent_access": "STANDARD_INFREQUENT_ACCESS"}
_PROJECTIONS = {"all": "ALL", "keys": "KEYS_ONLY"}
# The actions that take an index; all others act on the table alone.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
_OF_INDEXES = frozenset({"dynamodb:Query", "dynamodb:Scan", "dynamodb:PartiQLSelect"})


def _resolve(context: Resolving) -> tuple[Table, ...]:
    return tuple(
        Table(
            **context.renamable(key, path),
            partition_key=_key_attribute(settings["partition_key"]),
            sort_key=_key_attribute(settings["sort_key"]) if "sort_key" in settings else None,
            indexes=tuple(_index(name, settings, (*path, "indexes", name)) for name in settings["indexes"]),
            stream=_stream(context, key, settings),
            storage_class=_CLASSES[settings["class"]],
            capacity=_capacity(settings),
            ttl=settings.get("ttl"),
            point_in_time_recovery=settings["point_in_time_recovery"],
            deletion_protection=settings["deletion_protection"],
            kms_key=context.kms_key(SECTION, key),
        )
        for key, settings, path in context.entries(SECTION)
    )


def _key_attribute(setting: Mapping[str, str]) -> KeyAttribute:
    ((name, kind),) = setting.items()
    return KeyAttribute(name, _TYPES[kind])


def _stream(context: Context, key: str, settings: Settings) -> str | None:
    """What its stream has of a change; a trigger turns it on."""
    if "stream" in settings:
        return str(settings["stream"]).upper()
    return "NEW_AND_OLD_IMAGES" if _triggers(context, key) else None


def _triggers(context: Context, key: str) -> bool:
    """Whether changes of a table invoke a function."""
    return any(
        trigger.get("table") == key for function in context.functions() for trigger in function["triggers"]
    )


def _capacity(settings: Settings) -> Capacity | None:
    return Capacity(**settings["capacity"]) if "capacity" in settings else None


def _index(name: str, table: Settings, path: Path) -> Index:
    settings = table["indexes"][name]
    project = settings["project"]
    return Index(
        name=name,
        partition_key=_key_attribute(settings["partition_key"]),
        sort_key=_key_attribute(settings["sort_key"]) if "sort_key" in settings else None,
        projection=_PROJECTIONS[project] if isinstance(project, str) else "INCLUDE",
        attributes=() if isinstance(project, str) else tuple(project),
        capacity=_capacity(settings) or _capacity(table),
        path=path,
    )


def _names(table: Table) -> Iterator[Name]:
    yield Name(what="a table", text=table.name, space="table", least=3, most=255)


def _render(tables: tuple[Table, ...], _digests: Digests) -> Iterator[Rendering]:
    for table in tables:
        yield Rendering(SECTION, table.path, "table", {"table": table}, moved=table.moved)


def _outputs(tables: tuple[Table, ...]) -> tuple[Output, ...]:
    labels = {table.key: table.label for table in tables}
    return output_of("table_names", "The tables' names", labels, f"{ADDRESS}.name")


def _alarms(make: AlarmMaker, settings: Settings, tables: tuple[Table, ...]) -> Iterator[Alarm]:
    """Throttled reads and writes of each table."""
    throttles = settings[SECTION]["throttles"]
    if not throttles:
        return
    for table in tables:
        # ThrottledRequests and UserErrors have no dimension of the table alone; these two have.
        # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
        own = {"TableName": Reference(f"{ADDRESS}.{table.label}.name")}
        for kind in ("Read", "Write"):
            key = f"{table.key}-{kind.lower()}-throttles"
            description = f"{kind}s of {table.name} are throttled"
            yield make(
                key=key,
                path=table.path,
                description=description,
                metric=f"AWS/DynamoDB:{kind}ThrottleEvents",
                dimensions=own,
                threshold=throttles,
            )


_STYLE = Style(
    name="table",
    hue=213,
    icon="M4 6a8 3 0 0 1 16 0a8 3 0 0 1-16 0v12a8 3 0 0 0 16 0V6M4 12a8 3 0 0 0 16 0",
    shape=("[(", ")]"),
)


def _drawing(tables: tuple[Table, ...], _pipeline: Pipeline) -> Iterator[Node]:
    for table in tables:
        yield Node(id=table.path, noun="table", title=table.key, note="DynamoDB", style=_STYLE)


def _arn(context: Context, key: str, _verb: Any) -> Joined:
    return context.arn(SECTION, key)


def _own_arn(context: Context, key: str) -> Joined:
    return arn("dynamodb", context.region, "table/", context.name_of(SECTION, key))


def _there(live: Live, table: Outside) -> None:
    live.client("dynamodb").describe_table(TableName=table.id)


def _statements(context: Context, grant: Grant) -> Iterator[Statement]:
    """The permissions on the table, and those of them that indexes have on its indexes."""
    of_table = statement(grant)
    yield of_table
    # Those of a table that exists already are not known.
    names = ("*",) if grant.outside else context.data[SECTION][grant.key]["indexes"]
    actions = tuple(action for action in of_table.actions if action in _OF_INDEXES)
    if names and actions:
        indexes = tuple(joined(grant.arn, f"/index/{name}") for name in names)
        yield Statement(f"{of_table.sid}Indexes", actions, indexes)


def _is_protected(table: Attributes) -> bool:
    return bool(table.get("deletion_protection_enabled"))


# Transactions need the actions of the operations in them.
_GET = Verb(
    actions=("dynamodb:GetItem",),
    method="get_item",
    methods=frozenset({"get_item", "transact_get_items"}),
    reads=True,
)
_QUERY = Verb(actions=("dynamodb:Query",), method="query", methods=frozenset({"query"}), reads=True)
_PUT = Verb(
    actions=("dynamodb:PutItem",),
    method="put_item",
    methods=frozenset({"put_item", "transact_write_items"}),
    reads=False,
)
_UPDATE = Verb(
    actions=("dynamodb:UpdateItem",),
    method="update_item",
    methods=frozenset({"update_item", "transact_write_items"}),
    reads=False,
)
_BATCH_WRITE = Verb(
    actions=("dynamodb:BatchWriteItem",),
    method="batch_write_item",
    methods=frozenset({"batch_write_item", "batch_writer"}),
    reads=False,
)
_DELETE = Verb(
    actions=("dynamodb:DeleteItem",),
    method="delete_item",
    methods=frozenset({"delete_item", "transact_write_items"}),
    reads=False,
    phrase="delete items of the table `{key}`",
)
_SCAN = Verb(actions=("dynamodb:Scan",), method="scan", methods=frozenset({"scan"}), reads=True)
_BATCH_GET = Verb(
    actions=("dynamodb:BatchGetItem",),
    method="batch_get_item",
    methods=frozenset({"batch_get_item"}),
    reads=True,
)
_DESCRIBE = Verb(
    actions=("dynamodb:DescribeTable",),
    method="describe_table",
    methods=frozenset({"describe_table"}),
    reads=True,
)
_READ = Verb(
    actions=_GET.actions + _QUERY.actions,
    method="query",
    methods=_GET.methods | _QUERY.methods,
    reads=True,
)
_WRITE = Verb(
    actions=_BATCH_WRITE.actions + _PUT.actions + _UPDATE.actions,
    method="put_item",
    methods=_BATCH_WRITE.methods | _PUT.methods | _UPDATE.methods,
    reads=False,
)


def _partiql(word: str, *, reads: bool) -> Verb:
    """The verb for statements of PartiQL that begin with a word: they have actions of their own.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html
    """
    return Verb(
        actions=(f"dynamodb:PartiQL{word.capitalize()}",),
        method="execute_statement",
        methods=frozenset({"execute_statement", "batch_execute_statement", "execute_transaction"}),
        reads=reads,
        phrase=f"{word} by PartiQL in the table `{{key}}`",
    )


_PARTIQL = {
    "partiql_select": _partiql("select", reads=True),
    "partiql_insert": _partiql("insert", reads=False),
    "partiql_update": _partiql("update", reads=False),
    "partiql_delete": _partiql("delete", reads=False),
}
_STATEMENTS = {
    name.removeprefix("partiql_").upper(): action
    for name, verb in _PARTIQL.items()
    for action in verb.actions
}

TABLES = Kind(
    section=SECTION,
    noun="table",
    type=Table,
    address=ADDRESS,
    referred=True,
    used_in="the `access` of the functions that use it",
    resolve=_resolve,
    names=_names,
    render=_render,
    outputs=_outputs,
    alarms=_alarms,
    logs=no_logs,
    status=TABLE_STATUS,
    traces=TABLE_TRACES,
    changes=table_changes,
    contents=table_contents,
    refuses=Refusal("deletion_protection", ADDRESS, _is_protected),
    preflight=table_preflight,
    in_spec=None,
    waits={},
    renamable=True,
    access=Access(
        service="dynamodb",
        operations={
            "batch_execute_statement": Spoken(argument="", actions=_STATEMENTS),
            "batch_get_item": "dynamodb:BatchGetItem",
            "batch_write_item": "dynamodb:BatchWriteItem",
            "batch_writer": "dynamodb:BatchWriteItem",
            "create_table": "dynamodb:CreateTable",
            "delete_item": "dynamodb:DeleteItem",
            "delete_table": "dynamodb:DeleteTable",
            "describe_table": "dynamodb:DescribeTable",
            "execute_statement": Spoken(argument="Statement", actions=_STATEMENTS),
            "execute_transaction": Spoken(argument="", actions=_STATEMENTS),
            "get_item": "dynamodb:GetItem",
            "list_tables": "dynamodb:ListTables",
            "put_item": "dynamodb:PutItem",
            "query": "dynamodb:Query",
            "scan": "dynamodb:Scan",
            "update_item": "dynamodb:UpdateItem",
            "update_table": "dynamodb:UpdateTable",
            "update_time_to_live": "dynamodb:UpdateTimeToLive",
        },
        objects={
            "Table": frozenset(
                {"batch_writer", "delete_item", "get_item", "put_item", "query", "scan", "update_item"}
            ),
        },
        address=ADDRESS,
        noun="table",
        variable=Variable(prefix="TABLE_", attribute="name", live=live_name),
        phrase="{verbs} the table `{key}`",
        verbs={
            "read": _READ,
            "write": _WRITE,
            "get": _GET,
            "query": _QUERY,
            "put": _PUT,
            "update": _UPDATE,
            "batch_write": _BATCH_WRITE,
            "delete": _DELETE,
            "scan": _SCAN,
            "batch_get": _BATCH_GET,
            "describe": _DESCRIBE,
            **_PARTIQL,
        },
        examples=("read",),
        through="dynamodb",
        arn=_arn,
        statements=_statements,
    ),
    existing=Form(
        address=ADDRESS,
        service="dynamodb",
        within="table/",
        own=_own_arn,
        read=_triggers,
        there=_there,
        style=_STYLE,
    ),
    derived=no_derived,
    drawing=_drawing,
    costs=TABLE_COSTS,
)
