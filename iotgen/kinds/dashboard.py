"""The dashboard: graphs of the metrics of all kinds, and the states of the alarms, on one page of CloudWatch.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iotgen.model.alarm import Alarm
from iotgen.model.arn import arn
from iotgen.model.cost import Charge, Costs, Scope, Use
from iotgen.model.derived import no_derived
from iotgen.model.drawing import no_drawing
from iotgen.model.kind import AnyKind, Kind, Name, Resolving, no_outputs
from iotgen.model.log_group import no_logs
from iotgen.model.rendering import Digests, Rendering
from iotgen.model.resource import Resource
from iotgen.model.status import Metric

SECTION = "dashboard"

# Columns and rows of the page.
_PAGE, _WIDTH, _HEIGHT = 24, 8, 6
_PERIOD = 300  # seconds
# Of one widget.
_MOST_ALARMS = 100
_ALARMS_A_ROW = 6

Widget = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Dashboard(Resource):
    """A CloudWatch dashboard of `widgets`, as CloudWatch has them, in the order of the page."""

    widgets: tuple[Widget, ...]


def dashboard(kinds: Sequence[AnyKind]) -> Kind[Dashboard]:
    """The kind of the dashboard that shows these, those first that use others."""

    def resolve(context: Resolving) -> tuple[Dashboard, ...]:
        if not context.data[SECTION]:
            return ()
        widgets = (*_alarms(context), *_own_metrics(context), *_graphs(context, kinds))
        common = context.common(context.data["pipeline"], (SECTION,))
        return (Dashboard(**common, widgets=tuple(_placed(widgets))),)

    return Kind(
        section=SECTION,
        noun="dashboard",
        type=Dashboard,
        address="aws_cloudwatch_dashboard",
        referred=False,
        used_in=None,
        resolve=resolve,
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
        drawing=no_drawing,
        costs=Costs(charges=_charges, calls={}, per_reading={}, apart=False, levers=()),
    )


def _charges(_own: Dashboard, _uses: tuple[Use, ...], _scope: Scope) -> Iterator[Charge]:
    """The page, however many people look at it."""
    yield Charge("cloudwatch.dashboards", 1, "dashboard")


def _names(own: Dashboard) -> Iterator[Name]:
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-dashboard.html
    yield Name(what="a dashboard", text=own.name, space="dashboard", most=255)


def _render(dashboards: tuple[Dashboard, ...], _digests: Digests) -> Iterator[Rendering]:
    for own in dashboards:
        yield Rendering(SECTION, own.path, "dashboard", {"dashboard": own})


def _alarms(context: Resolving) -> Iterator[Widget]:
    """The states of all alarms."""
    alarms = context.resources.all(Alarm)
    for start in range(0, len(alarms), _MOST_ALARMS):
        some = alarms[start : start + _MOST_ALARMS]
        arns = [arn("cloudwatch", context.region, "alarm:", alarm.name) for alarm in some]
        yield {
            "type": "alarm",
            "width": _PAGE,
            "height": 1 - (-len(some) // _ALARMS_A_ROW),
            "properties": {"title": "alarms", "alarms": arns},
        }


def _own_metrics(context: Resolving) -> Iterator[Widget]:
    """A graph for each alarm that the spec declares on a metric or on log lines, with its threshold."""
    for alarm in context.resources.all(Alarm):
        if alarm.path[:-1] == ("alarms", "metrics"):
            graph = _graph(f"alarms: {alarm.key}", context.region, list(_watched(alarm)))
            threshold = {"label": alarm.comparison, "value": alarm.threshold}
            yield {
                **graph,
                "properties": {**graph["properties"], "annotations": {"horizontal": [threshold]}},
            }


def _watched(alarm: Alarm) -> Iterator[list[Any]]:
    """The line of an alarm, with the hidden ones of what its expression is of.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
    """
    if alarm.expression:
        yield [{"expression": alarm.expression, "label": alarm.key, "id": "result", "period": alarm.period}]
    for part in alarm.measured:
        dimensions = [word for pair in part.dimensions.items() for word in pair]
        settings = {"label": part.metric, "stat": part.statistic, "period": alarm.period}
        hidden = {"id": part.id, "visible": False} if part.id else {}
        yield [part.namespace, part.metric, *dimensions, settings | hidden]


def _graphs(context: Resolving, kinds: Sequence[AnyKind]) -> Iterator[Widget]:
    """A graph for each metric of a kind, with a line for each resource."""
    for kind in reversed(kinds):
        lines: dict[str, list[Any]] = {}
        for resource in kind.of(context.resources):
            for metric in kind.status.metrics(resource) if kind.status else ():
                lines.setdefault(metric.title, []).append(_line(metric, resource))
        for title, own in lines.items():
            yield _graph(f"{kind.section}: {title}", context.region, own)


def _graph(title: str, region: str, lines: list[Any]) -> Widget:
    properties = {
        "title": title,
        "region": region,
        "view": "timeSeries",
        "period": _PERIOD,
        "yAxis": {"left": {"min": 0}},
        "metrics": lines,
    }
    return {"type": "metric", "width": _WIDTH, "height": _HEIGHT, "properties": properties}


def _line(metric: Metric, resource: Resource) -> list[Any]:
    namespace, _, name = metric.of.partition(":")
    dimensions = [part for pair in metric.dimensions.items() for part in pair]
    return [namespace, name, *dimensions, {"label": resource.key, "stat": metric.statistic}]


def _placed(widgets: Sequence[Widget]) -> Iterator[Widget]:
    """The widgets from left to right and from top to bottom."""
    x = y = height = 0
    for widget in widgets:
        if x + widget["width"] > _PAGE:
            x, y, height = 0, y + height, 0
        yield {**widget, "x": x, "y": y}
        x, height = x + widget["width"], max(height, widget["height"])
