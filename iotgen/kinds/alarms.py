"""Alarms: those that a spec declares one by one, on silent functions, on log lines and on metrics.

Each kind of resource defines its own alarms.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.kinds.functions.alarms import function_dimensions
from iotgen.kinds.functions.function import (
    METRICS_NAMESPACE,
    SERVICE_NAME,
    standard_variables,
)
from iotgen.model.alarm import Alarm, AlarmMaker, LogLines, Part
from iotgen.model.context import Context, label
from iotgen.model.cost import Charge, Costs, Lever, Scope, Use
from iotgen.model.declared_logs import function_log_group, log_group
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
        calculated = "expression" in alarm
        if metric := _calculated(context, alarm, path) if calculated else _metric(context, key, alarm):
            own = make.with_own(alarm, path)
            functions = {one["function"] for one in alarm.get("of", {}).values() if "function" in one}
            watched = function or (functions.pop() if len(functions) == 1 else None)
            at: dict[str, Any] = {"watches": ("functions", watched)} if watched else {}
            yield own(key=key, path=path, **metric, **_condition(alarm), **at)


def _calculated(context: Resolving, alarm: Settings, path: Path) -> dict[str, Any]:
    """What is calculated of several metrics; nothing where a function is not there."""
    parts = [_part(context, name, one, (*path, "of", name)) for name, one in alarm["of"].items()]
    found = tuple(part for part in parts if part)
    if len(found) < len(parts):
        return {}
    expression = alarm["expression"]
    return {
        "metric": "",
        "dimensions": {},
        "expression": expression,
        "parts": found,
        "description": alarm.get("description", expression),
    }


def _part(context: Resolving, name: str, one: Settings, path: Path) -> Part | None:
    function = one.get("function")
    if function is not None and not context.has("functions", function, (*path, "function")):
        return None
    namespace, dimensions, _ = _measured(context, one)
    return Part(
        id=name,
        namespace=namespace,
        metric=one["metric"],
        dimensions=dimensions,
        statistic=one["statistic"],
        path=path,
    )


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
        what = {"metric": f"{own}:{key}", "dimensions": {}, "log": LogLines(group, context.filled(pattern))}
        description = f"Lines of the log of {name} match {key}"
    else:
        namespace, dimensions, of = _measured(context, alarm)
        what = {"metric": f"{namespace}:{alarm['metric']}", "dimensions": dimensions}
        description = f"{alarm['metric']} of {of}"
    if "no_data" in alarm:
        description = f"No data for {alarm['no_data']} minutes: {description}"
    return what | {"description": alarm.get("description", description)}


def _measured(context: Resolving, one: Settings) -> tuple[str, Mapping[str, str | Expression], str]:
    """The namespace and the dimensions of a metric, and in words what it is of."""
    function, namespace = one.get("function"), context.filled(one.get("namespace", ""))
    if function and namespace:  # what Lambda counts of it
        return namespace, function_dimensions(label(function)), context.name_of("functions", function)
    if namespace:
        return (
            namespace,
            {name: context.filled(value) for name, value in one["dimensions"].items()},
            namespace,
        )
    variables = standard_variables(str(function), context.data["pipeline"], context.suffix)
    variables |= context.data["functions"][function]["environment"]
    dimensions = {"service": variables[SERVICE_NAME]}
    return variables[METRICS_NAMESPACE], dimensions, context.name_of("functions", str(function))


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
    named = ("period", "periods", "comparison", "threshold", "missing_data")
    own = () if "expression" in alarm else ("statistic",)
    return {name: alarm[name] for name in (*named, *own)} | {"datapoints": alarm.get("datapoints")}


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
    notified = (one.path for alarm in alarms for one in alarm.receivers)
    for topic in dict.fromkeys(notified):
        yield Edge(tail=(SECTION,), head=topic, text="notify", accent=(SECTION,), relation=Relation.NOTICE)


def _charges(alarm: Alarm, _uses: tuple[Use, ...], _scope: Scope) -> Iterator[Charge]:
    """Each costs by the metrics that it looks at, and these cost too where iotgen makes them of log lines."""
    yield Charge("cloudwatch.alarms", len(alarm.measured), "alarms")
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
    refuses=None,
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
