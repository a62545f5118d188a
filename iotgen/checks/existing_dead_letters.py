"""A function rejects messages of a queue that exists already."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.queues import QUEUES
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each grant on the dead-letter queue of such a queue."""
    for function in pipeline.all(Function):
        for grant in function.grants:
            rejected = any(grant.access.verbs[verb].variable for verb in grant.verbs)
            if grant.section == QUEUES.section and grant.outside and rejected:
                message = f"`{grant.key}` exists already, and iotgen does not know its dead-letter queue"
                verb = "send" if "reject" in grant.verbs else "receive` or `attributes"
                hint = f"Declare that queue under a key of its own, with `existing`, and grant `{verb}`."
                yield Finding(grant.path, message, hint)


RULE = Rule(
    code="IOT417",
    summary="A function rejects messages of a queue that exists already.",
    why=(
        "`reject` and the like are for the dead-letter queue that iotgen makes with a queue. Which one a "
        "queue has that exists already, if any, is a setting of that queue on AWS, which no spec shows."
    ),
    fix="Declare the dead-letter queue as a queue that exists already, and grant `send` on it.",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    check=check,
)
