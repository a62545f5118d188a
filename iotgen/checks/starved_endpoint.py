"""The queues of a function leave nothing of its reserved concurrency to its endpoints."""

from collections.abc import Iterator

from iotgen.checks.rule import Finding, Rule
from iotgen.model.pipeline import Pipeline, Sources
from iotgen.problem import Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each function with an endpoint whose queues may take just what is reserved.

    Where they may take more, that is the fault, and other rules report it.
    """
    for function in pipeline.functions:
        reserved = function.reserved_concurrency
        if reserved and reserved == function.queue_concurrency and pipeline.endpoint_count(function):
            message = (
                f"the queues of `{function.key}` may take all of its {reserved} reserved concurrent "
                "executions: while they do, every request is answered 500"
            )
            hint = "Set `max_concurrency` of its triggers lower, or reserve more."
            yield Finding((*function.path, "triggers"), message, hint, at_key=True)


RULE = Rule(
    "IOT399",
    "A function's queues leave a part of its reserved concurrency to its endpoints.",
    "https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html",
    check,
    Severity.WARNING,
    fix="Set `max_concurrency` of the function's triggers lower, or reserve more.",
)
