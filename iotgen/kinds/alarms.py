"""Alarms: those that a spec declares one by one, on silent functions and on custom metrics.

Each kind of resource defines its own alarms.
"""

from collections.abc import Iterator

from iotgen.kinds.functions.alarms import function_dimensions
from iotgen.model.alarm import Alarm, AlarmMaker
from iotgen.model.context import Context, label
from iotgen.model.cost import Charge, Costs, Lever, Scope, Use
from iotgen.model.derived import no_derived
from iotgen.model.drawing import Edge, Node, Relation, Style
from iotgen.model.kind import Kind, Name, Resolving, Settings, no_outputs
from iotgen.model.log_group import no_logs
from iotgen.model.pipeline import Pipeline
from iotgen.model.rendering import Digests, Rendering

SECTION = "alarms"
_MINUTE = 60


def alarm_maker(context: Context) -> AlarmMaker:
    """The maker of the alarms of all kinds."""
    notify = context.data[SECTION].get("notify")
    known = notify is not None and context.has("topics", notify, (SECTION, "notify"))
    return AlarmMaker(context, ("topics", notify) if known else None)


def _resolve(context: Resolving) -> tuple[Alarm, ...]:
    make, settings = alarm_maker(context), context.data[SECTION]
    return (*_silence(make, context, settings["silence"]), *_metrics(make, context, settings["metrics"]))


def _silence(make: AlarmMaker, context: Resolving, settings: Settings) -> Iterator[Alarm]:
    """An alarm for each function that must not be idle for some minutes."""
    for key, minutes in settings.items():
        path = (SECTION, "silence", key)
        if context.has("functions", key, path):
            description = f"Nothing has called {context.name(key)} for {minutes} minutes"
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
    """An alarm for each metric that a function publishes itself."""
    namespace = context.name(context.data["pipeline"])
    for key, alarm in settings.items():
        path = (SECTION, "metrics", key)
        if not context.has("functions", alarm["function"], (*path, "function")):
            continue
        metric = f"{namespace}:{alarm['metric']}"
        description = f"{alarm['metric']} of {context.name(alarm['function'])}"
        yield make(
            key=key,
            path=path,
            description=description,
            metric=metric,
            dimensions={"service": alarm["function"]},
            threshold=alarm["threshold"],
            watches=("functions", alarm["function"]),
        )


def _names(alarm: Alarm) -> Iterator[Name]:
    yield Name(what="an alarm", text=alarm.name, space="alarm", most=255)


def _render(alarms: tuple[Alarm, ...], _digests: Digests) -> Iterator[Rendering]:
    for alarm in alarms:
        yield Rendering(SECTION, alarm.path, "alarm", {"alarm": alarm})


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
    for topic in dict.fromkeys(alarm.topic_path for alarm in alarms if alarm.topic_path):
        yield Edge(tail=(SECTION,), head=topic, text="notify", accent=(SECTION,), relation=Relation.NOTICE)


def _charges(_alarm: Alarm, _uses: tuple[Use, ...], _scope: Scope) -> Iterator[Charge]:
    """Each watches one metric, in periods of a minute or more."""
    yield Charge("cloudwatch.alarms", 1, "alarms")


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
