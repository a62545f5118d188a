"""What is shown of a deployed function.

Metrics: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from iotgen.kinds.functions.function import Function
from iotgen.model.called import ALIAS
from iotgen.model.contents import Clients
from iotgen.model.dead_letters import dead_letter_fact, dead_letter_metric
from iotgen.model.status import Fact, Metric, Status

_COLUMNS = (
    ("calls", "invocations", "Invocations", "Sum", False),
    ("errors", "errors", "Errors", "Sum", True),
    ("throttles", "throttles", "Throttles", "Sum", True),
    ("p99 ms", "p99 duration in ms", "Duration", "p99", False),
)


def _metrics(function: Function) -> Iterator[Metric]:
    for column, title, name, statistic, bad in _COLUMNS:
        yield Metric(
            column=column,
            title=title,
            of=f"AWS/Lambda:{name}",
            dimensions={"FunctionName": function.name},
            statistic=statistic,
            bad=bad,
        )
    yield dead_letter_metric(function)


def _facts(clients: Clients, function: Function) -> Iterator[Fact]:
    about = clients("lambda").get_function_configuration(FunctionName=function.name)
    yield dead_letter_fact(clients, function)
    if function.rollout:
        yield Fact(column="live", value=_live(clients("lambda"), function.name))
    yield Fact(column="changed", value=datetime.fromisoformat(about["LastModified"]))


def _live(client: Any, name: str) -> str:
    """The version that is live, and the one that a rollout shifts calls to; there are none locally."""
    alias = client.get_alias(FunctionName=name, Name=ALIAS)
    weights = alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})
    if alias["FunctionVersion"] == "$LATEST":
        return "the newest code"
    shifted = (f", {weight:.0%} of the calls to version {version}" for version, weight in weights.items())
    return f"version {alias['FunctionVersion']}{''.join(shifted)}"


FUNCTION_STATUS = Status(
    columns=(*(column for column, *_ in _COLUMNS), "dead", "changed"), metrics=_metrics, facts=_facts
)
