"""The alarms that a spec asks for one by one: functions that nothing calls, and metrics of functions' own."""

from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.model.alarms.functions import function_dimensions
from iotgen.model.alarms.maker import AlarmMaker
from iotgen.model.context import Context, label
from iotgen.model.pipeline import Alarm

MINUTE = 60


def silence_alarms(make: AlarmMaker, context: Context, settings: Mapping[str, int]) -> Iterator[Alarm]:
    """Each function that nothing may have called for some minutes."""
    for key, minutes in settings.items():
        path = ("alarms", "silence", key)
        if context.has("functions", key, path):
            description = f"Nothing has called {context.name(key)} for {minutes} minutes"
            yield make(
                f"{key}-silence",
                path,
                description,
                "AWS/Lambda:Invocations",
                function_dimensions(label(key)),
                1,
                period=minutes * MINUTE,
                below=True,
            )


def metric_alarms(make: AlarmMaker, context: Context, settings: Mapping[str, Any]) -> Iterator[Alarm]:
    """Each metric that a function publishes itself."""
    namespace = context.name(context.data["pipeline"])
    for key, alarm in settings.items():
        path = ("alarms", "metrics", key)
        if not context.has("functions", alarm["function"], (*path, "function")):
            continue
        metric = f"{namespace}:{alarm['metric']}"
        description = f"{alarm['metric']} of {context.name(alarm['function'])}"
        yield make(key, path, description, metric, {"service": alarm["function"]}, alarm["threshold"])
