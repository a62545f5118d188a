"""Log groups that no function of the pipeline writes by itself: those of rules, and of programs elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from iotgen.model.arn import arn
from iotgen.model.change import Attributes, Deployed, named_anew
from iotgen.model.contents import Amount, Clients, size
from iotgen.model.context import Context
from iotgen.model.cost import FREE
from iotgen.model.declared_logs import ADDRESS, ENDING, SECTION, log_label
from iotgen.model.derived import no_derived
from iotgen.model.drawing import Node, Style
from iotgen.model.expression import Expression, Joined
from iotgen.model.kind import Kind, Name, Resolving
from iotgen.model.live import Live
from iotgen.model.log_group import LogGroup, moment, no_entry
from iotgen.model.outside import Form, Outside, never_read
from iotgen.model.pipeline import Pipeline
from iotgen.model.preflight import Account, Check
from iotgen.model.rendering import Digests, Output, Rendering, output_of
from iotgen.model.resource import Resource
from iotgen.problem import Finding


@dataclass(frozen=True, kw_only=True)
class DeclaredLogGroup(Resource):
    """A log group that the spec declares, kept for `log_retention_days`, encrypted by `kms_key`."""

    log_retention_days: int
    kms_key: str | Expression | None


def _resolve(context: Resolving) -> tuple[DeclaredLogGroup, ...]:
    return tuple(
        DeclaredLogGroup(
            **context.named(key, path) | {"label": log_label(key)},
            log_retention_days=settings["log_retention_days"],
            kms_key=context.kms_key(SECTION, key),
        )
        for key, settings, path in context.entries(SECTION)
    )


def _names(group: DeclaredLogGroup) -> Iterator[Name]:
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
    yield Name(what="a log group", text=group.name, space="log group", most=512)


def _render(groups: tuple[DeclaredLogGroup, ...], _digests: Digests) -> Iterator[Rendering]:
    for group in groups:
        yield Rendering(SECTION, group.path, "log_group", {"group": group})


def _outputs(groups: tuple[DeclaredLogGroup, ...]) -> tuple[Output, ...]:
    labels = {group.key: group.label for group in groups}
    return output_of("log_group_names", "The log groups' names", labels, f"{ADDRESS}.name")


def _logs(group: DeclaredLogGroup) -> Iterator[LogGroup]:
    yield LogGroup(writer=group.key, name=group.name, usual=True, entry=no_entry, span=moment)


def _changes(
    groups: tuple[DeclaredLogGroup, ...], pipeline: Pipeline, deployed: Deployed
) -> Iterator[Finding]:
    """A new name, with which Terraform would make another log group."""
    for group in groups:
        if there := deployed.get(f"{ADDRESS}.{group.label}"):
            yield from named_anew(group, "log group", there, pipeline.suffix)


def _preflight(groups: tuple[DeclaredLogGroup, ...], account: Account) -> Iterator[Check]:
    """The names that are taken."""
    client = account.client("logs")
    for group in groups:
        found = client.describe_log_groups(logGroupNamePrefix=group.name, limit=1)["logGroups"]
        if any(one["logGroupName"] == group.name for one in found):
            there = account.arn("logs", f"log-group:{group.name}")
            yield from account.taken("the log group", group.name, group.path, there)


_STYLE = Style(name="log", hue=200, icon="M5 4h14v16H5zM8 8h8M8 12h8M8 16h5", shape=("[/", "/]"))


def _drawing(groups: tuple[DeclaredLogGroup, ...], _pipeline: Pipeline) -> Iterator[Node]:
    for group in groups:
        yield Node(id=group.path, noun="log group", title=group.key, note="CloudWatch Logs", style=_STYLE)


def _contents(clients: Clients, group: Attributes, _now: datetime) -> Amount:
    """Its lines, with the bytes that CloudWatch counts."""
    client, name = clients("logs"), str(group["name"])
    newest = client.describe_log_streams(
        logGroupName=name, orderBy="LastEventTime", descending=True, limit=1
    )["logStreams"]
    if not newest or "lastEventTimestamp" not in newest[0]:
        return Amount("no log lines", empty=True)
    found = client.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    stored = next((one.get("storedBytes", 0) for one in found if one["logGroupName"] == name), 0)
    # CloudWatch counts them late.
    return Amount(f"log lines, {size(stored)}" if stored else "log lines", empty=False)


def _own_arn(context: Context, key: str) -> Joined:
    return arn("logs", context.region, "log-group:", context.name_of(SECTION, key))


def _there(live: Live, group: Outside) -> None:
    live.client("logs").describe_log_streams(logGroupName=group.id, limit=1)


LOG_GROUPS: Kind[DeclaredLogGroup] = Kind(
    section=SECTION,
    noun="log group",
    type=DeclaredLogGroup,
    # Functions, workflows, deliveries and the API have log groups too: not all of that type are of this kind.
    address="log_group",
    referred=True,
    used_in=None,
    resolve=_resolve,
    names=_names,
    render=_render,
    outputs=_outputs,
    alarms=None,
    logs=_logs,
    status=None,
    traces=None,
    changes=_changes,
    contents=_contents,
    refuses=None,
    in_spec=None,
    waits={},
    preflight=_preflight,
    renamable=False,
    access=None,
    existing=Form(
        address=ADDRESS,
        service="logs",
        within="log-group:",
        own=_own_arn,
        read=never_read,
        there=_there,
        style=_STYLE,
        ending=ENDING,
    ),
    derived=no_derived,
    drawing=_drawing,
    costs=FREE,
)
