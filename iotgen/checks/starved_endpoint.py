"""The triggers of a function may take all of its reserved concurrency from its endpoints."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import requests_of
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each function whose triggers may take all the concurrency that its endpoints need.

    Where its queues may take more than that, that is the fault, and other rules report it.
    """
    for function in pipeline.all(Function):
        taker, hint = _taker(function)
        if taker and requests_of(pipeline, function):
            message = (
                f"{taker} may take all {function.reserved_concurrency} reserved concurrent executions of "
                f"`{function.key}`: while they do, every request is answered 500"
            )
            yield Finding((*function.path, "triggers"), message, hint, at_key=True)


def _taker(function: Function) -> tuple[str, str]:
    """The events that may take the whole reservation, and the hint; both empty if none can."""
    reserved = function.reserved_concurrency
    unbounded = [trigger.events for trigger in function.triggers if trigger.concurrency is None]
    if reserved and unbounded:
        return unbounded[0], "Give the endpoints a function of their own, with the same `source`."
    if reserved and reserved == function.queue_concurrency:
        taking = function.triggers[0].events
        return taking, "Lower `max_concurrency` of its triggers, or reserve more."
    return "", ""


RULE = Rule(
    code="IOT399",
    severity=Severity.WARNING,
    summary="The triggers of a function may take all of its reserved concurrency from its endpoints.",
    why=(
        "All callers of a function share its reserved concurrency. While messages or new objects use all of "
        "it, Lambda throttles requests, and API Gateway answers 500."
    ),
    fix="Lower `max_concurrency` of its triggers, reserve more, or give the endpoints another function.",
    ignore="Callers retry requests that fail while there is a backlog.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html",
    check=check,
)
