"""The alarms of every resource, with the metrics and dimensions that AWS really publishes."""

from iotgen.model.alarms.api import api_alarms
from iotgen.model.alarms.functions import function_alarms
from iotgen.model.alarms.maker import AlarmMaker
from iotgen.model.alarms.metrics import metric_alarms, silence_alarms
from iotgen.model.alarms.queues import queue_alarms
from iotgen.model.alarms.tables import table_alarms
from iotgen.model.alarms.topics import topic_alarms
from iotgen.model.context import Context
from iotgen.model.pipeline import Alarm, Api, Function, Queue, Table, Topic

__all__ = ["resolve_alarms"]


def resolve_alarms(
    context: Context,
    functions: tuple[Function, ...],
    tables: tuple[Table, ...],
    queues: tuple[Queue, ...],
    topics: tuple[Topic, ...],
    api: Api | None,
) -> tuple[Alarm, ...]:
    """All alarms, those of each resource beside each other."""
    settings = context.data["alarms"]
    make = AlarmMaker(context, settings.get("notify"))
    return (
        *function_alarms(make, settings["functions"], functions),
        *table_alarms(make, settings["tables"], tables),
        *queue_alarms(make, settings["queues"], queues, functions),
        *topic_alarms(make, settings["topics"], topics),
        *api_alarms(make, settings["api"], api),
        *silence_alarms(make, context, settings["silence"]),
        *metric_alarms(make, context, settings["metrics"]),
    )
