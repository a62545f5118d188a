"""A function rejects messages of a queue that exists already."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.queues import QUEUES
from iotgen.model.outside import Outside
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.triggers.dead_letters import DeadLetterTrigger


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each grant on the dead-letter queue of such a queue, and each trigger by it."""
    outside = {one.key for one in pipeline.all(Outside) if one.section == QUEUES.section}
    for function in pipeline.all(Function):
        for trigger in function.by(DeadLetterTrigger):
            if trigger.key in outside:
                hint = "Declare that queue under a key of its own, with `existing`, and write `queue: KEY`."
                yield Finding((*trigger.path, "dead_letters"), _unknown(trigger.key), hint)
        for grant in function.grants:
            rejected = any(grant.access.verbs[verb].variable for verb in grant.verbs)
            if grant.section == QUEUES.section and grant.outside and rejected:
                verb = "send" if "reject" in grant.verbs else "receive` or `attributes"
                hint = f"Declare that queue under a key of its own, with `existing`, and grant `{verb}`."
                yield Finding(grant.path, _unknown(grant.key), hint)


def _unknown(queue: str) -> str:
    return f"`{queue}` exists already, and iotgen does not know its dead-letter queue"


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
