"""Alarms: those that a spec declares one by one, on silent functions, on log lines and on metrics.

Each kind of resource defines its own alarms.
"""

from collections.abc import Iterator
from typing import Any

from iotgen.kinds.functions.alarms import function_dimensions
from iotgen.kinds.functions.function import (
    METRICS_NAMESPACE,
    SERVICE_NAME,
    function_log_group,
    standard_variables,
)
from iotgen.model.alarm import Alarm, AlarmMaker, LogLines
from iotgen.model.context import Context, label
from iotgen.model.cost import Charge, Costs, Lever, Scope, Use
from iotgen.model.declared_logs import log_group
from iotgen.model.derived import no_derived
from iotgen.model.drawing import Edge, Node, Relation, Style
from iotgen.model.expression import Expression
from iotgen.model.kind import Kind, Name, Resolving, Settings, no_outputs
from iotgen.model.log_group import no_logs
from iotgen.model.pipeline import Pipeline
from iotgen.model.rendering import Digests, Rendering
from iotgen.problem import Path

SECTION = "alarms"
_MINUTE = 60


def alarm_maker(context: Context) -> AlarmMaker:
    """The maker of the alarms of all kinds."""
    return AlarmMaker(context, (), None).with_own(context.data[SECTION], (SECTION,))


def _resolve(context: Resolving) -> tuple[Alarm, ...]:
    make, settings = alarm_maker(context), context.data[SECTION]
    for rule in settings["rules"]["silence"]:
        context.has("rules", rule, (SECTION, "rules", "silence", rule))
    return (*_silence(make, context, settings["silence"]), *_metrics(make, context, settings["metrics"]))


def _silence(make: AlarmMaker, context: Resolving, settings: Settings) -> Iterator[Alarm]:
    """An alarm for each function that must not be idle for some minutes."""
    for key, minutes in settings.items():
        path = (SECTION, "silence", key)
        if context.has("functions", key, path):
            description = f"Nothing has called {context.name_of('functions', key)} for {minutes} minutes"
            yield make(
                key=f"{key}-silence",
                path=path,
                description=description,
                metric="AWS/Lambda:Invocations",
                dimensions=function_dimensions(label(key)),
                threshold=1,
                watches=("functions", key),
                period=minutes * _MINUTE,
                below=True,
            )


def _metrics(make: AlarmMaker, context: Resolving, settings: Settings) -> Iterator[Alarm]:
    """The alarms that the spec declares on metrics."""
    for key, alarm in settings.items():
        path = (SECTION, "metrics", key)
        function = alarm.get("function")
        if function is not None and not context.has("functions", function, (*path, "function")):
            continue
        if metric := _metric(context, key, alarm):
            own = make.with_own(alarm, path)
            watched: dict[str, Any] = {"watches": ("functions", function)} if function else {}
            yield own(key=key, path=path, **metric, **_condition(alarm), **watched)


def _metric(context: Resolving, key: str, alarm: Settings) -> dict[str, Any]:
    """What is counted: log lines, any metric, or one that a function publishes itself.

    Nothing for the lines of a log group that is not there.
    """
    own = context.name(context.data["pipeline"])
    if pattern := alarm.get("pattern"):
        found = _log_group(context, alarm, (SECTION, "metrics", key, "log_group"))
        if found is None:
            return {}
        name, group = found
        what = {"metric": f"{own}:{key}", "dimensions": {}, "log": LogLines(group, pattern)}
        description = f"Lines of the log of {name} match {key}"
    elif namespace := alarm.get("namespace"):
        dimensions = {name: context.filled(value) for name, value in alarm["dimensions"].items()}
        what = {"metric": f"{context.filled(namespace)}:{alarm['metric']}", "dimensions": dimensions}
        description = f"{alarm['metric']} of {context.filled(namespace)}"
    else:
        function = alarm["function"]
        variables = standard_variables(function, context.data["pipeline"], context.suffix)
        variables |= context.data["functions"][function]["environment"]
        metric = f"{variables[METRICS_NAMESPACE]}:{alarm['metric']}"
        what = {"metric": metric, "dimensions": {"service": variables[SERVICE_NAME]}}
        description = f"{alarm['metric']} of {context.name_of('functions', function)}"
    if "no_data" in alarm:
        description = f"No data for {alarm['no_data']} minutes: {description}"
    return what | {"description": alarm.get("description", description)}


def _log_group(context: Resolving, alarm: Settings, path: Path) -> tuple[str, str | Expression] | None:
    """The name of what writes the log, and the name of the log group; None if there is none."""
    if "function" not in alarm:
        return log_group(context, alarm["log_group"], path)
    function = alarm["function"]
    return context.name_of("functions", function), function_log_group(function)


def _condition(alarm: Settings) -> dict[str, Any]:
    """When it goes off."""
    if "no_data" in alarm:
        period = alarm["no_data"] * _MINUTE
        return {"statistic": "SampleCount", "threshold": 1, "period": period, "below": True}
    named = ("statistic", "period", "periods", "comparison", "threshold", "missing_data")
    return {name: alarm[name] for name in named} | {"datapoints": alarm.get("datapoints")}


def _names(alarm: Alarm) -> Iterator[Name]:
    yield Name(what="an alarm", text=alarm.name, space="alarm", most=255)
    if alarm.log:
        yield Name(what="the metric filter of an alarm", text=alarm.name, space="metric filter", most=512)


def _render(alarms: tuple[Alarm, ...], _digests: Digests) -> Iterator[Rendering]:
    for alarm in alarms:
        yield Rendering(SECTION, alarm.path, "alarm", {"alarm": alarm})
        if alarm.log:
            yield Rendering(SECTION, alarm.path, "log_metric", {"counted": alarm})


_STYLE = Style(
    name="alarm",
    hue=4,
    icon="M6 10a6 6 0 0 1 12 0c0 6 2 7 2 7H4s2-1 2-7M10 20a2 2 0 0 0 4 0",
    shape=("([", "])"),
)


def _drawing(alarms: tuple[Alarm, ...], _pipeline: Pipeline) -> Iterator[Node | Edge]:
    """All alarms as one node, since each stands as a badge at what it watches."""
    if not alarms:
        return
    count = f"{len(alarms)} alarm{'' if len(alarms) == 1 else 's'}"
    yield Node(id=(SECTION,), noun="alarms", title=count, note="CloudWatch", style=_STYLE)
    notified = (one.path for alarm in alarms for one in (*alarm.notify, *alarm.on_ok))
    for topic in dict.fromkeys(notified):
        yield Edge(tail=(SECTION,), head=topic, text="notify", accent=(SECTION,), relation=Relation.NOTICE)


def _charges(alarm: Alarm, _uses: tuple[Use, ...], _scope: Scope) -> Iterator[Charge]:
    """Each watches one metric, which costs too where iotgen makes it of log lines."""
    yield Charge("cloudwatch.alarms", 1, "alarms")
    if alarm.log:
        yield Charge("cloudwatch.metrics", 1, "metrics")


def _none(_alarms: tuple[Alarm, ...]) -> tuple[Alarm, ...]:
    return ()


ALARMS = Kind(
    section=SECTION,
    noun="alarm",
    type=Alarm,
    address="aws_cloudwatch_metric_alarm",
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
    preflight=None,
    in_spec=None,
    waits={},
    renamable=False,
    access=None,
    existing=None,
    derived=no_derived,
    drawing=_drawing,
    costs=Costs(
        charges=_charges,
        calls={},
        per_reading={},
        apart=False,
        levers=(Lever(setting="no alarms", change=_none),),
    ),
)
