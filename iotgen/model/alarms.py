"""The alarms of every resource, with the metrics and dimensions that AWS really publishes."""

from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.model.context import Context, label
from iotgen.model.expression import Expression, Label, Reference
from iotgen.model.pipeline import Alarm, Api, Function, Path, Queue, Table

PERIOD = 300


def resolve_alarms(
    context: Context,
    functions: tuple[Function, ...],
    tables: tuple[Table, ...],
    queues: tuple[Queue, ...],
    api: Api | None,
) -> tuple[Alarm, ...]:
    """All alarms, those of each resource beside each other."""
    settings = context.data.get("alarms") or {}
    make = _AlarmMaker(context, _topic(context, settings))
    return (
        *_function_alarms(make, settings.get("functions") or {}, functions),
        *_table_alarms(make, settings.get("tables") or {}, tables),
        *_queue_alarms(make, settings.get("queues") or {}, queues, functions),
        *_api_alarms(make, settings.get("api") or {}, api),
        *_metric_alarms(make, context, settings.get("metrics") or {}),
    )


def _topic(context: Context, settings: Mapping[str, Any]) -> Label | None:
    key = settings.get("notify")
    if key is None or not context.has("topics", key, ("alarms", "notify")):
        return None
    return label(key)


class _AlarmMaker:
    """Makes alarms that all tell the same topic."""

    def __init__(self, context: Context, topic: Label | None) -> None:
        self._context = context
        self._topic = topic

    def __call__(
        self,
        key: str,
        path: Path,
        description: str,
        metric: str,
        dimensions: Mapping[str, str | Expression],
        threshold: float,
        statistic: str = "Sum",
    ) -> Alarm:
        """An alarm; `metric` is `Namespace:MetricName`."""
        namespace, _, name = metric.partition(":")  # the name may have colons of its own
        return Alarm(
            key,
            self._context.name(key),
            label(key),
            path,
            description,
            namespace,
            name,
            dimensions,
            statistic,
            threshold,
            PERIOD,
            self._topic,
        )


def _function_alarms(
    make: _AlarmMaker, settings: Mapping[str, Any], functions: tuple[Function, ...]
) -> Iterator[Alarm]:
    errors, throttles = settings.get("errors", 10), settings.get("throttles", 5)
    concurrency = settings.get("concurrency", 80)
    for function in functions:
        own = {"FunctionName": Reference(f"aws_lambda_function.{function.label}.function_name")}
        if errors:
            yield make(
                f"{function.key}-errors",
                function.path,
                f"{function.name} fails",
                "AWS/Lambda:Errors",
                own,
                errors,
            )
        if throttles:
            said = f"{function.name} is throttled"
            yield make(
                f"{function.key}-throttles", function.path, said, "AWS/Lambda:Throttles", own, throttles
            )
        limit = (function.reserved_concurrency or 0) * (concurrency or 0) // 100
        if limit > 1:  # at one, the alarm would go off at each call
            said = f"{function.name} uses {concurrency}% of its reserved concurrency"
            metric = "AWS/Lambda:ConcurrentExecutions"
            yield make(f"{function.key}-concurrency", function.path, said, metric, own, limit, "Maximum")


def _table_alarms(
    make: _AlarmMaker, settings: Mapping[str, Any], tables: tuple[Table, ...]
) -> Iterator[Alarm]:
    throttles = settings.get("throttles", 1)
    if not throttles:
        return
    for table in tables:
        # ThrottledRequests and UserErrors have no dimension of the table alone; these two have.
        # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
        own = {"TableName": Reference(f"aws_dynamodb_table.{table.label}.name")}
        for kind in ("Read", "Write"):
            key = f"{table.key}-{kind.lower()}-throttles"
            said = f"{kind}s of {table.name} are throttled"
            yield make(key, table.path, said, f"AWS/DynamoDB:{kind}ThrottleEvents", own, throttles)


def _queue_alarms(
    make: _AlarmMaker, settings: Mapping[str, Any], queues: tuple[Queue, ...], functions: tuple[Function, ...]
) -> Iterator[Alarm]:
    age, dead_letters = settings.get("age", 300), settings.get("dead_letters", 1)
    for queue in queues:
        own = {"QueueName": Reference(f"aws_sqs_queue.{queue.label}.name")}
        if age:
            said = f"The oldest message of {queue.name} has waited {age} seconds"
            metric = "AWS/SQS:ApproximateAgeOfOldestMessage"
            yield make(f"{queue.key}-age", queue.path, said, metric, own, age, "Maximum")
    if not dead_letters:
        return
    holders: tuple[Queue | Function, ...] = (*queues, *functions)
    for holder in holders:
        own = {"QueueName": Reference(f"aws_sqs_queue.{holder.dead_letter_label}.name")}
        key = holder.dead_letter_label.replace("_", "-")
        said = f"{holder.dead_letter_name} holds messages that failed"
        metric = "AWS/SQS:ApproximateNumberOfMessagesVisible"
        yield make(key, holder.path, said, metric, own, dead_letters, "Maximum")


def _api_alarms(make: _AlarmMaker, settings: Mapping[str, Any], api: Api | None) -> Iterator[Alarm]:
    if api is None:
        return
    errors, latency = settings.get("server_errors", 5), settings.get("latency", 5000)
    own: dict[str, str | Expression] = {"ApiName": api.name, "Stage": api.stage}
    if errors:
        said = f"{api.name} answers with server errors"
        yield make(f"{api.key}-server-errors", api.path, said, "AWS/ApiGateway:5XXError", own, errors)
    if latency:
        said = f"One in a hundred answers of {api.name} takes {latency} ms"
        yield make(f"{api.key}-latency", api.path, said, "AWS/ApiGateway:Latency", own, latency, "p99")


def _metric_alarms(make: _AlarmMaker, context: Context, settings: Mapping[str, Any]) -> Iterator[Alarm]:
    namespace = context.name(context.data["pipeline"])
    for key, alarm in settings.items():
        path = ("alarms", "metrics", key)
        if not context.has("functions", alarm["function"], (*path, "function")):
            continue
        metric = f"{namespace}:{alarm['metric']}"
        said = f"{alarm['metric']} of {context.name(alarm['function'])}"
        yield make(key, path, said, metric, {"service": alarm["function"]}, alarm["threshold"])
