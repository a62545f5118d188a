"""Metrics: counts of log lines without an alarm, as a whole or by values of their fields."""

from collections.abc import Iterator
from dataclasses import dataclass

from iotgen.model.alarm import LogLines
from iotgen.model.cost import Charge, Costs, Scope, Use
from iotgen.model.declared_logs import function_log_group, log_group
from iotgen.model.derived import no_derived
from iotgen.model.drawing import no_drawing
from iotgen.model.expression import Expression, Label
from iotgen.model.kind import Kind, Name, Resolving, Settings, no_outputs
from iotgen.model.log_group import no_logs
from iotgen.model.rendering import Digests, Rendering
from iotgen.model.resource import Resource
from iotgen.problem import Path

SECTION = "metrics"


@dataclass(frozen=True, kw_only=True)
class LogMetric(Resource):
    """The metric `metric` of `namespace`, which counts the lines `log`."""

    namespace: str
    metric: str
    log: LogLines


def _resolve(context: Resolving) -> tuple[LogMetric, ...]:
    return tuple(_metrics(context))


def _metrics(context: Resolving) -> Iterator[LogMetric]:
    for key, settings, path in context.entries(SECTION):
        group = _log_group(context, settings, path)
        if group is None:
            continue
        common = context.common(key, path)
        yield LogMetric(
            **common | {"label": Label(f"{common['label']}__count")},
            namespace=context.filled(settings["namespace"]),
            metric=settings.get("name", key),
            log=LogLines(group, context.filled(settings["pattern"]), settings["dimensions"]),
        )


def _log_group(context: Resolving, settings: Settings, path: Path) -> str | Expression | None:
    """The name of the log group whose lines count; None if what the settings name is not there."""
    if function := settings.get("function"):
        is_there = context.has("functions", function, (*path, "function"))
        return function_log_group(function) if is_there else None
    found = log_group(context, settings["log_group"], (*path, "log_group"))
    return found[1] if found else None


def _names(metric: LogMetric) -> Iterator[Name]:
    # One filter of a name replaces another of its log group.
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
    yield Name(what="a metric filter", text=metric.name, space="metric filter", most=512)


def _render(metrics: tuple[LogMetric, ...], _digests: Digests) -> Iterator[Rendering]:
    for metric in metrics:
        yield Rendering(SECTION, metric.path, "log_metric", {"counted": metric})


def _charges(_metric: LogMetric, _uses: tuple[Use, ...], _scope: Scope) -> Iterator[Charge]:
    """One, as if it had no dimensions: nobody knows how many values these will have."""
    yield Charge("cloudwatch.metrics", 1, "metrics")


METRICS: Kind[LogMetric] = Kind(
    section=SECTION,
    noun="metric",
    type=LogMetric,
    # Alarms have metric filters too: not all of that type are of this kind.
    address="log_metric",
    referred=True,
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
    drawing=no_drawing,
    costs=Costs(charges=_charges, calls={}, per_reading={}, apart=False, levers=()),
)
