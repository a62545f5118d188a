"""A function rejects messages of a queue that exists already."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.queues import QUEUES
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each grant of `reject` on such a queue."""
    for function in pipeline.all(Function):
        for grant in function.grants:
            if grant.section == QUEUES.section and grant.outside and "reject" in grant.verbs:
                message = f"`{grant.key}` exists already, and iotgen does not know its dead-letter queue"
                hint = "Declare that queue under a key of its own, with `existing`, and grant `send`."
                yield Finding((*function.path, "access", grant.section, grant.key), message, hint)


RULE = Rule(
    code="IOT417",
    summary="A function rejects messages of a queue that exists already.",
    why=(
        "`reject` puts messages into the dead-letter queue that iotgen makes with a queue. Which one a queue "
        "has that exists already, if any, is a setting of that queue on AWS, which no spec shows."
    ),
    fix="Declare the dead-letter queue as a queue that exists already, and grant `send` on it.",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    check=check,
)
