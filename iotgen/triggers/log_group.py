"""Triggers by the lines of a log group that match a pattern."""

import base64
import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from iotgen.model.arn import arn
from iotgen.model.context import Context
from iotgen.model.declared_logs import SECTION as LOG_GROUPS
from iotgen.model.declared_logs import (
    declared,
    function_log,
    function_log_group,
    is_name,
    log_group,
    writer_of,
)
from iotgen.model.drawing import Edge, Node, Relation, Style
from iotgen.model.expression import Expression
from iotgen.model.rendering import Rendering
from iotgen.model.trigger import (
    Call,
    Event,
    Occasion,
    OutsideTrigger,
    Position,
    TriggerKind,
    all_delivered,
    as_named,
    no_access,
    no_statements,
    one_by_one,
)
from iotgen.problem import Path
from iotgen.spec.nearest import nearest
from iotgen.triggers.permission import permission


@dataclass(frozen=True, kw_only=True)
class LogGroupTrigger(OutsideTrigger):
    """A trigger by lines of the log group `name`.

    `group` is the name in Terraform. `tail` is the path of the function that writes it, or of the log group
    itself, if the spec has either.
    """

    style: ClassVar[Style] = Style(
        name="log", hue=200, icon="M5 4h14v16H5zM8 8h8M8 12h8M8 16h5", shape=("[/", "/]")
    )
    note: ClassVar[str] = "CloudWatch Logs"

    name: str
    group: str | Expression
    arn: Expression
    tail: Path | None
    pattern: str

    @property
    def title(self) -> str:
        """The group's name."""
        return self.name

    @property
    def events(self) -> str:
        """Lines."""
        return "log lines"

    @property
    def amount(self) -> str:
        """The pattern."""
        return self.pattern or "log lines"

    @property
    def subject(self) -> str:
        """The lines of the group."""
        return f"log lines of `{self.name}`"

    def drawing(self, function: Path) -> Iterator[Node | Edge]:
        """From the function that writes them, the log group of the spec, or a node of its own."""
        if self.tail is None:
            yield from super().drawing(function)
            return
        yield Edge(tail=self.tail, head=function, text=self.amount, accent=self.tail, relation=Relation.CALL)


def _writer(context: Context, written: str) -> str | None:
    """The key of the function whose log it is; None for a log group of the spec's, or any other name."""
    if declared(context, written):
        return None
    if is_name(written):
        return writer_of(context, written)
    keys = context.references.declared
    functions, groups = keys.get("functions", frozenset()), keys.get(LOG_GROUPS, frozenset())
    is_group = written not in functions and nearest(written, sorted(functions | groups)) in groups
    return None if is_group else written


def _written_by(context: Context, function: str) -> tuple[str, str | Expression]:
    """The name of a function's log group, and what stands for it in Terraform."""
    return function_log(context, function), function_log_group(function)


def _resolve(context: Context, settings: Mapping[str, Any], position: Position) -> LogGroupTrigger | None:
    path = (*position.path, "log_group")
    writer = _writer(context, settings["log_group"])
    if writer and not context.has("functions", writer, path):
        return None
    found = _written_by(context, writer) if writer else log_group(context, settings["log_group"], path)
    if found is None:
        return None
    name, group = found
    own = declared(context, settings["log_group"])
    return LogGroupTrigger(
        **position.own("log_group"),
        name=name,
        group=group,
        arn=arn("logs", context.region, f"log-group:{name}:*"),
        tail=("functions", writer) if writer else (LOG_GROUPS, own) if own else None,
        pattern=context.filled(settings["pattern"]),
    )


def _render(calls: tuple[Call[LogGroupTrigger], ...]) -> Iterator[Rendering]:
    for call in calls:
        statement = call.trigger.label.replace("_", "-")
        yield permission(call, statement, "logs.amazonaws.com", call.trigger.arn)
        holes = {"function": call.function, "trigger": call.trigger}
        yield Rendering("functions", call.trigger.path, "log_subscription", holes)


def _sample(trigger: LogGroupTrigger, _resource: None, occasion: Occasion) -> Event:
    """One line, compressed as CloudWatch Logs sends it.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
    """
    data = {
        "messageType": "DATA_MESSAGE",
        "owner": occasion.live.account,
        "logGroup": trigger.name,
        "logStream": "sample",
        "subscriptionFilters": ["sample"],
        "logEvents": [{"id": "0" * 56, "timestamp": occasion.now, "message": occasion.content}],
    }
    packed = gzip.compress(json.dumps(data).encode(), mtime=0)
    return {"awslogs": {"data": base64.b64encode(packed).decode()}}


LOG_GROUP_TRIGGER = TriggerKind(
    word="log_group",
    section=None,
    type=LogGroupTrigger,
    resolve=_resolve,
    statements=no_statements,
    render=_render,
    access=no_access,
    sample=_sample,
    fed_by=None,
    delivery=one_by_one,
    written=as_named,
    undelivered=all_delivered,
)
