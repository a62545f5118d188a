"""Forwards: lines of logs that CloudWatch sends to destinations of other accounts.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.kinds.deliveries import Delivery
from iotgen.kinds.endpoints.api import API, Api
from iotgen.kinds.functions import Function
from iotgen.kinds.log_groups import DeclaredLogGroup
from iotgen.kinds.workflows import Workflow
from iotgen.model.context import Context, label
from iotgen.model.cost import FREE
from iotgen.model.derived import no_derived
from iotgen.model.drawing import Edge, Node, Relation, Style
from iotgen.model.expression import Label
from iotgen.model.kind import Kind, Name, Resolving, no_outputs
from iotgen.model.log_group import no_logs
from iotgen.model.pipeline import Pipeline
from iotgen.model.rendering import Digests, Rendering
from iotgen.model.resource import Resource
from iotgen.problem import Path

SECTION = "forwards"
SETTING = "log_destinations"
ADDRESS = "aws_cloudwatch_log_subscription_filter"


@dataclass(frozen=True, kw_only=True)
class Forward(Resource):
    """Lines of the log group `log` that match a pattern, for the destination with this ARN.

    `group` is the label of the log group, `writer` the path of what writes it, `file` where it is rendered.
    """

    log: str
    group: Label
    writer: Path
    arn: str
    pattern: str


def _resolve(context: Resolving) -> tuple[Forward, ...]:
    return tuple(
        Forward(
            key=key,
            name=key,
            label=Label(f"{group}__to_{label(key)}"),
            path=(*writer, SETTING, key),
            log=log,
            group=group,
            writer=writer,
            arn=context.filled(written["arn"]),
            pattern=context.filled(written["pattern"]),
        )
        for writer, log, group in _groups(context)
        for key, written in _written(context, writer).items()
    )


def _groups(context: Resolving) -> Iterator[tuple[Path, str, Label]]:
    """What writes each log group that the pipeline makes, with the group's name and its label."""
    own = context.resources
    for delivery in own.all(Delivery):
        yield delivery.path, delivery.log_group, Label(f"{delivery.label}__delivery")
    for function in own.all(Function):
        yield function.path, function.log_group, function.label
    for workflow in own.all(Workflow):
        if workflow.logs:
            yield workflow.path, workflow.log_group, Label(workflow.role)
    for group in own.all(DeclaredLogGroup):
        yield group.path, group.name, group.label
    for api in own.all(Api):
        yield API, f"/aws/apigateway/{api.name}", Label(f"{api.label}__access")


def _written(context: Context, writer: Path) -> Mapping[str, Any]:
    settings: Any = context.data
    for key in writer:
        settings = settings[key]
    found: Mapping[str, Any] = settings[SETTING]
    return found


def _names(forward: Forward) -> Iterator[Name]:
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html
    text = forward.name
    yield Name(what="a subscription", text=text, space=f"subscription of {forward.log}", most=512)


def _render(forwards: tuple[Forward, ...], _digests: Digests) -> Iterator[Rendering]:
    for forward in forwards:
        yield Rendering(str(forward.writer[0]), forward.writer, "log_forward", {"forward": forward})


_STYLE = Style(name="log-destination", hue=None, icon="M5 4h14v16H5zM8 12h8M13 9l3 3-3 3", shape=("([", "])"))


def _drawing(forwards: tuple[Forward, ...], _pipeline: Pipeline) -> Iterator[Node | Edge]:
    """Each destination once, however many logs go there."""
    for forward in forwards:
        there = (SECTION, forward.arn)
        title = forward.arn.rpartition(":")[2]
        yield Node(id=there, noun="log destination", title=title, note="another account", style=_STYLE)
        text = forward.pattern or "log lines"
        yield Edge(tail=forward.writer, head=there, text=text, accent=there, relation=Relation.NOTICE)


FORWARDS: Kind[Forward] = Kind(
    section=SECTION,
    noun="log destination",
    type=Forward,
    address=ADDRESS,
    referred=False,
    used_in=None,
    resolve=_resolve,
    names=_names,
    render=_render,
    outputs=no_outputs,
    alarms=None,
    logs=no_logs,
    status=None,
    traces=None,
    changes=None,
    contents=None,
    refuses=None,
    in_spec=None,
    waits={},
    preflight=None,
    renamable=False,
    access=None,
    existing=None,
    derived=no_derived,
    drawing=_drawing,
    costs=FREE,
)
