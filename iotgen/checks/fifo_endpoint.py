"""An endpoint sends to a first-in-first-out queue or topic."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import endpoints_of
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each endpoint that sends to a FIFO queue or topic."""
    for endpoint in endpoints_of(pipeline):
        if endpoint.receiver and endpoint.receiver.is_fifo:
            noun = str(endpoint.receiver.path[0]).removesuffix("s")
            message = f"`{endpoint.receiver.key}` is a FIFO {noun}, and a request names no message group"
            hint = f"Use a standard {noun}, or a function that sends with a `MessageGroupId`."
            yield Finding((*endpoint.path, noun), message, hint)


RULE = Rule(
    code="IOT438",
    summary="An endpoint sends to a first-in-first-out queue or topic.",
    why=(
        "SQS and SNS refuse a message without a message group for what is FIFO. What API Gateway sends is "
        "the body of the request and nothing else, so every request would be refused."
    ),
    fix="Use a standard queue or topic, or a function between the two that names the message group.",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html",
    check=check,
)
