"""Messages are sent to a queue that nothing reads."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.endpoints import endpoints_of
from iotgen.kinds.events import Event
from iotgen.kinds.functions import Function
from iotgen.kinds.queues import QUEUES, Queue
from iotgen.kinds.roles import Role
from iotgen.kinds.rules import Rule as TopicRule
from iotgen.kinds.workflows import Workflow
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.triggers.queue import QueueTrigger


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each queue with a sender but no consumer."""
    read = {trigger.key for function in pipeline.all(Function) for trigger in function.by(QueueTrigger)}
    read |= _receivable(pipeline)
    senders = (
        {
            endpoint.receiver.key: f"`{endpoint.title}`"
            for endpoint in endpoints_of(pipeline)
            if endpoint.receiver and endpoint.receiver.path[0] == QUEUES.section
        }
        | {
            target.key: f"the rule `{rule.key}`"
            for rule in pipeline.all(TopicRule)
            for target in rule.targets
            if target.section == QUEUES.section
        }
        | {
            target.key: f"the event `{event.key}`"
            for event in pipeline.all(Event)
            for target in event.targets
            if target.section == QUEUES.section
        }
        | {
            grant.key: f"the function `{function.key}`"
            for function in reversed(pipeline.all(Function))
            for grant in function.grants
            if grant.section == QUEUES.section and "send" in grant.verbs
        }
    )
    outside = [(queue.key, one) for queue in pipeline.all(Queue) for one in queue.accepted]
    senders |= {key: f"`{one.who}`" for key, one in outside if one.gives}
    read |= {key for key, one in outside if one.takes}
    for queue in pipeline.all(Queue):
        if queue.key in read or f"{QUEUES.address}.{queue.label}" in sources.referred:
            continue
        if queue.key not in senders or not pipeline.settled(queue.path):
            continue
        message = (
            f"nothing reads `{queue.key}`: messages from {senders[queue.key]} are deleted after "
            f"{queue.retention_text}"
        )
        yield Finding(
            queue.path, message, "Add it to the `triggers` of the function that reads it.", at_key=True
        )


def _receivable(pipeline: Pipeline) -> set[str]:
    """The queues that a function, a role or a workflow asks for messages by itself."""
    grants = [
        *(grant for function in pipeline.all(Function) for grant in function.grants),
        *(grant for role in pipeline.all(Role) for grant in role.grants),
        *(grant for workflow in pipeline.all(Workflow) for grant in workflow.granted),
    ]
    return {grant.key for grant in grants if grant.section == QUEUES.section and "receive" in grant.verbs}


RULE = Rule(
    code="IOT336",
    severity=Severity.WARNING,
    summary="Messages are sent to a queue that nothing reads.",
    why=(
        "SQS deletes a message when the queue's retention period is over, after 14 days at most. Without a "
        "consumer every message is lost then, without an error and without a dead letter."
    ),
    fix="Add it to the `triggers` of the function that reads it.",
    ignore="Something outside of the spec reads the queue, by a policy that is not in the spec either.",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html",
    check=check,
)
