"""The alarms of functions.

Metrics: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
"""

from collections.abc import Iterator, Mapping

from iotgen.kinds.functions.function import ADDRESS, SECTION, Function
from iotgen.model.alarm import Alarm, AlarmMaker
from iotgen.model.dead_letters import dead_letter_alarms
from iotgen.model.expression import Expression, Reference
from iotgen.model.kind import Settings


def function_dimensions(label: str) -> Mapping[str, str | Expression]:
    """The dimensions of a function's own metrics."""
    return {"FunctionName": Reference(f"{ADDRESS}.{label}.function_name")}


def function_alarms(make: AlarmMaker, settings: Settings, functions: tuple[Function, ...]) -> Iterator[Alarm]:
    """Errors, throttles, duration and concurrency of each function, and the events that it loses."""
    for function in functions:
        yield from _counts(make, settings[SECTION], function)
        yield from _shares(make, settings[SECTION], function)
        yield from dead_letter_alarms(make, settings, function)


def _counts(make: AlarmMaker, settings: Settings, function: Function) -> Iterator[Alarm]:
    own = function_dimensions(function.label)
    # Lambda moves an event whose asynchronous invocation fails to the function's dead-letter queue, and
    # counts it in AsyncEventsDropped. DeadLetterErrors counts the events that it cannot move, which are lost.
    # DestinationDeliveryFailures is for destinations, which iotgen does not use.
    counts = (
        ("errors", "errors", "Errors", f"{function.name} fails"),
        ("throttles", "throttles", "Throttles", f"{function.name} is throttled"),
        ("lost_events", "lost-events", "DeadLetterErrors", f"{function.name} loses failed events"),
    )
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
