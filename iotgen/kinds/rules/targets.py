"""The targets of rules: what each needs of AWS, and how it is written in Terraform.

https://docs.aws.amazon.com/iot/latest/developerguide/iot-rule-actions.html
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from iotgen.iot_sql import fixed
from iotgen.kinds.rules.rule import Target
from iotgen.kinds.tables.table import KeyAttribute, Table
from iotgen.model.arn import arn
from iotgen.model.called import called
from iotgen.model.context import label
from iotgen.model.declared_logs import SECTION as LOG_GROUPS
from iotgen.model.declared_logs import declared, log_group
from iotgen.model.expression import Expression, Joined, Reference, joined
from iotgen.model.kind import Resolving
from iotgen.model.policy import Statement, statement_id
from iotgen.problem import Path

Settings = Mapping[str, Any]
_TEMPLATE = re.compile(r"\$\{.*?\}")
# A rule's types of a key, by those of DynamoDB: it has none for binary ones.
_KEY_TYPES = {"S": "STRING", "N": "NUMBER"}


def resolve_target(context: Resolving, settings: Settings, path: Path) -> Target | None:
    """The target that the settings name; None if what they name is not there."""
    for word, (section, make) in _TARGETS.items():
        if word in settings and (not section or context.has(section, settings[word], (*path, word))):
            return make(context, settings, path)
    return None


def dead_letter_target(url: Reference, queue_arn: Joined, key: str, path: Path) -> Target:
    """The dead-letter queue of the rule `key`, which is none of the spec's queues."""
    allowed = Statement(statement_id("keep", "rule", key), ("sqs:SendMessage",), (queue_arn,))
    return Target(
        word="queue", section="", key="", path=path, block="sqs",
        body={"queue_url": url, "use_base64": False}, statements=(allowed,), through="sqs",
    )  # fmt: skip


def _queue(context: Resolving, settings: Settings, path: Path) -> Target:
    key = settings["queue"]
    own = context.arn("queues", key)
    allowed = Statement(statement_id("send", "queue", key), ("sqs:SendMessage",), (own,))
    body = {"queue_url": context.attribute("queues", key, "url"), "use_base64": settings["base64"]}
    return Target(
        word="queue", section="queues", verb="send", key=key, path=path, block="sqs", body=body,
        statements=(allowed,), through="sqs",
    )  # fmt: skip


def _table(context: Resolving, settings: Settings, path: Path) -> Target:
    """A table: an attribute for each thing that is selected, or with a `key` all of it in one attribute.

    https://docs.aws.amazon.com/iot/latest/developerguide/dynamodb-rule-action.html
    """
    key, values = settings["table"], settings.get("key", {})
    name = _name(context, "tables", key)
    allowed = Statement(
        statement_id("put", "table", key), ("dynamodb:PutItem",), (context.arn("tables", key),)
    )
    row = {"table_name": name, **_row_key(context, key, values), "payload_field": settings.get("payload")}
    return Target(
        word="table", section="tables", verb="put", key=key, path=path,
        block="dynamodb" if values else "dynamodbv2",
        body=row if values else {"put_item": {"table_name": name}}, statements=(allowed,),
        through="dynamodb", templates={("key", one): value for one, value in values.items()},
    )  # fmt: skip


def _row_key(context: Resolving, key: str, values: Mapping[str, str]) -> dict[str, str | None]:
    """The attributes of the table's key; of a table that exists already, those that are written, as texts."""
    table = next((one for one in context.resources.all(Table) if one.key == key), None)
    keys = table.keys if table else tuple(KeyAttribute(name, "S") for name in values)
    found: dict[str, str | None] = {}
    for word, attribute in zip(("hash", "range"), keys, strict=False):
        found[f"{word}_key_field"] = attribute.name
        found[f"{word}_key_value"] = values.get(attribute.name)
        found[f"{word}_key_type"] = _KEY_TYPES.get(attribute.type)
    return found


def _topic(context: Resolving, settings: Settings, path: Path) -> Target:
    key = settings["topic"]
    own = context.arn("topics", key)
    # https://docs.aws.amazon.com/iot/latest/developerguide/sns-rule-action.html
    form = "JSON" if settings["json"] else "RAW"
    allowed = Statement(statement_id("publish", "topic", key), ("sns:Publish",), (own,))
    return Target(
        word="topic", section="topics", verb="publish", key=key, path=path, block="sns",
        body={"target_arn": context.attribute("topics", key, "arn"), "message_format": form},
        statements=(allowed,), through="sns",
    )  # fmt: skip


def _stream(context: Resolving, settings: Settings, path: Path) -> Target:
    """A stream of Kinesis: messages with one partition key keep their order."""
    key = settings["stream"]
    allowed = Statement(
        statement_id("write", "stream", key), ("kinesis:PutRecord",), (context.arn("streams", key),)
    )
    return Target(
        word="stream", section="streams", verb="put", key=key, path=path, block="kinesis",
        body={
            "stream_name": _name(context, "streams", key),
            "partition_key": settings["partition_key"],
        },
        statements=(allowed,), through="kinesis", templates={("partition_key",): settings["partition_key"]},
    )  # fmt: skip


def _delivery(context: Resolving, settings: Settings, path: Path) -> Target:
    """A delivery, which puts each message on a line of its own by itself."""
    key = settings["delivery"]
    own = context.accesses["deliveries"].arn(context, key, None)
    allowed = Statement(statement_id("write", "delivery", key), ("firehose:PutRecord",), (own,))
    return Target(
        word="delivery", section="deliveries", verb="put", key=key, path=path, block="firehose",
        body={"delivery_stream_name": Reference(f"aws_kinesis_firehose_delivery_stream.{label(key)}.name")},
        statements=(allowed,), through=None,
    )  # fmt: skip


def _bucket(context: Resolving, settings: Settings, path: Path) -> Target:
    """A bucket; the role may write below the part of the key that is always the same."""
    key, written = settings["bucket"], settings["key"]
    objects = joined(context.arn("buckets", key), f"/{fixed(written)}*")
    allowed = Statement(statement_id("write", "bucket", key), ("s3:PutObject",), (objects,))
    return Target(
        word="bucket", section="buckets", verb="write", key=key, path=path, block="s3",
        body={"bucket_name": _name(context, "buckets", key, "bucket"), "key": written},
        statements=(allowed,), through="s3", templates={("key",): written}, text=written,
    )  # fmt: skip


def _function(context: Resolving, settings: Settings, path: Path) -> Target:
    """A function, which allows the rule by a policy of its own."""
    key = settings["function"]
    function = called(context, key)
    return Target(
        word="function", section="functions", key=key, path=path, block="lambda",
        body={"function_arn": function.arn}, statements=(), called=function,
    )  # fmt: skip


def _workflow(context: Resolving, settings: Settings, path: Path) -> Target:
    """A workflow, which the message starts as the input of an execution.

    https://docs.aws.amazon.com/iot/latest/developerguide/stepfunctions-rule-action.html
    """
    key = settings["workflow"]
    own = context.accesses["workflows"].arn(context, key, None)
    allowed = Statement(statement_id("start", "workflow", key), ("states:StartExecution",), (own,))
    return Target(
        word="workflow", section="workflows", verb="start", key=key, path=path, block="step_functions",
        body={"state_machine_name": _name(context, "workflows", key)},
        statements=(allowed,), through=None,
    )  # fmt: skip


def _republish(context: Resolving, settings: Settings, path: Path) -> Target:
    """Another topic of MQTT. `$$` begins a topic that begins with `$`."""
    topic = settings["republish"]
    named = _TEMPLATE.sub("*", topic.removeprefix("$") if topic.startswith("$$") else topic)
    allowed = Statement(
        "Republish" + "".join(re.findall(r"[A-Za-z0-9]+", named.title())),
        ("iot:Publish",),
        (arn("iot", context.region, f"topic/{named}"),),
    )
    return Target(
        word="republish", section="", key=topic, path=path, block="republish",
        body={"topic": topic, "qos": settings["qos"]}, statements=(allowed,),
        templates={("republish",): topic}, text="republish",
    )  # fmt: skip


def _log_group(context: Resolving, settings: Settings, path: Path) -> Target | None:
    """A log group, in which AWS IoT makes the streams.

    https://docs.aws.amazon.com/iot/latest/developerguide/cloudwatch-logs-rule-action.html
    """
    found = log_group(context, settings["log_group"], (*path, "log_group"))
    if found is None:
        return None
    name, group = found
    own = declared(context, settings["log_group"])
    allowed = Statement(
        statement_id("write", "log", re.sub(r"\W", "-", name).strip("-")),
        ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
        (arn("logs", context.region, f"log-group:{name}:*"),),
    )
    return Target(
        word="log_group", section=LOG_GROUPS if own else "", key=own or name, path=path,
        block="cloudwatch_logs", body={"log_group_name": group}, statements=(allowed,), log_group=name,
        declared=not isinstance(group, str),
    )  # fmt: skip


def _name(context: Resolving, section: str, key: str, attribute: str = "name") -> str | Expression:
    """The name of a resource, also of one that exists already and is known by its ARN."""
    already = context.existing(section, key)
    return already.name if already else context.attribute(section, key, attribute)


_Make = Callable[[Resolving, Settings, Path], Target | None]

# The section that each word's resource is of, and what makes the target.
_TARGETS: Mapping[str, tuple[str, _Make]] = {
    "queue": ("queues", _queue),
    "table": ("tables", _table),
    "topic": ("topics", _topic),
    "stream": ("streams", _stream),
    "delivery": ("deliveries", _delivery),
    "bucket": ("buckets", _bucket),
    "function": ("functions", _function),
    "workflow": ("workflows", _workflow),
    "republish": ("", _republish),
    "log_group": ("", _log_group),
}
