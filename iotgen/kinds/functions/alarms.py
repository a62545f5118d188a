"""The alarms of functions.

Metrics: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
"""

from collections.abc import Iterator, Mapping

from iotgen.kinds.functions.function import ADDRESS, SECTION, Function
from iotgen.model.alarm import Alarm, AlarmMaker
from iotgen.model.called import ALIAS
from iotgen.model.dead_letters import dead_letter_alarms
from iotgen.model.expression import Expression, Reference, joined
from iotgen.model.kind import Settings
from iotgen.triggers.table import TableTrigger

# In seconds: shorter than the five minutes that calls are shared for at the least.
_ROLLOUT_PERIOD = 60


def function_dimensions(label: str) -> Mapping[str, str | Expression]:
    """The dimensions of a function's own metrics."""
    return {"FunctionName": Reference(f"{ADDRESS}.{label}.function_name")}


def function_alarms(make: AlarmMaker, settings: Settings, functions: tuple[Function, ...]) -> Iterator[Alarm]:
    """Errors, throttles, duration and concurrency of each function, and the events that wait or are lost."""
    for function in functions:
        yield from _counts(make, settings[SECTION], function)
        yield from _shares(make, settings[SECTION], function)
        yield from _age(make, settings[SECTION], function)
        yield from _rollout(make, settings[SECTION], function)
        yield from dead_letter_alarms(make, settings, function)


def rollout_alarm(key: str) -> str:
    """The key of the alarm on the errors of the new version of a function."""
    return f"{key}-rollout"


def _rollout(make: AlarmMaker, settings: Settings, function: Function) -> Iterator[Alarm]:
    """Errors of the newest version, among the calls of the alias: those of the old one take nothing back.

    CodeDeploy alone needs it: whoever is to be told, is told by the function's own alarms.
    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/automating-updates-to-serverless-apps.html
    """
    if function.rollout:
        name = Reference(f"{ADDRESS}.{function.label}.function_name")
        version = Reference(f"{ADDRESS}.{function.label}.version")
        yield make(
            key=rollout_alarm(function.key),
            path=function.path,
            description=f"The newest version of {function.name} fails, and a rollout of it is taken back",
            metric="AWS/Lambda:Errors",
            dimensions={
                "FunctionName": name,
                "Resource": joined(name, f":{ALIAS}"),
                "ExecutedVersion": version,
            },
            threshold=settings["errors"] or 1,
            period=_ROLLOUT_PERIOD,
            silent=True,
        )


def _counts(make: AlarmMaker, settings: Settings, function: Function) -> Iterator[Alarm]:
    own = function_dimensions(function.label)
    # Lambda moves an event whose asynchronous invocation fails to the function's dead-letter queue, and
    # counts it in AsyncEventsDropped. DeadLetterErrors counts the events that it cannot move, which are lost.
    # DestinationDeliveryFailures counts the records of calls that it cannot send to what `async` names.
    counts = [
        ("errors", "errors", "Errors", f"{function.name} fails"),
        ("throttles", "throttles", "Throttles", f"{function.name} is throttled"),
        ("lost_events", "lost-events", "DeadLetterErrors", f"{function.name} loses failed events"),
    ]
    if function.destinations:
        description = f"{function.name} loses records of calls"
        counts.append(("lost_events", "lost-records", "DestinationDeliveryFailures", description))
    for setting, suffix, metric, description in counts:
        threshold = settings[setting]
        if threshold:
            key = f"{function.key}-{suffix}"
            yield make(
                key=key,
                path=function.path,
                description=description,
                metric=f"AWS/Lambda:{metric}",
                dimensions=own,
                threshold=threshold,
            )


def _age(make: AlarmMaker, settings: Settings, function: Function) -> Iterator[Alarm]:
    """An alarm on changes of tables that wait: those of a Kinesis stream have one of the stream's own.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
    """
    age = settings["age"]
    if age and function.by(TableTrigger):
        yield make(
            key=f"{function.key}-changes-age",
            path=function.path,
            description=f"Changes of tables get to {function.name} {age} seconds after they were made",
            metric="AWS/Lambda:IteratorAge",
            dimensions=function_dimensions(function.label),
            threshold=age * 1000,
            statistic="Maximum",
        )


def _shares(make: AlarmMaker, settings: Settings, function: Function) -> Iterator[Alarm]:
    """Alarms at a percentage of the reservation and of the timeout."""
    own = function_dimensions(function.label)
    concurrency, duration = settings["concurrency"], settings["duration"]
    reserved = function.reserved_concurrency or 0
    limit = reserved * (concurrency or 0) // 100
    if limit > 1:  # at one, the alarm would go off at each invocation
        # Queues may take their share at any time, which is no reason for an alarm.
        limit = max(limit, min(function.queue_concurrency + 1, reserved))
        description = f"{function.name} uses {limit} of its {reserved} reserved concurrent executions"
        metric = "AWS/Lambda:ConcurrentExecutions"
        yield make(
            key=f"{function.key}-concurrency",
            path=function.path,
            description=description,
            metric=metric,
            dimensions=own,
            threshold=limit,
            statistic="Maximum",
        )
    if duration:
        description = f"A call of {function.name} takes {duration}% of its timeout"
        milliseconds = function.timeout * duration * 10
        yield make(
            key=f"{function.key}-duration",
            path=function.path,
            description=description,
            metric="AWS/Lambda:Duration",
            dimensions=own,
            threshold=milliseconds,
            statistic="Maximum",
        )
