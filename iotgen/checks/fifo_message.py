"""A handler sends a message to a FIFO queue in a way that SQS refuses."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.queues import QUEUES, Queue
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.usage.modules import read_code
from iotgen.usage.reached import Call, uses


def _fault(call: Call, *, deduplicated: bool) -> tuple[str, str]:
    """What is wrong with a call of `send_message`, and what to do about it; empty if nothing is."""
    if call.lacks("MessageGroupId"):
        return "without a `MessageGroupId`", "Pass one: what has its own order, such as the device's id."
    if call.lacks("MessageDeduplicationId") and not deduplicated:
        hint = "Pass one, such as the reading's id, or set `content_deduplication: true` on the queue."
        return "without a `MessageDeduplicationId`", hint
    if call.arguments and "DelaySeconds" in dict(call.arguments):
        return "with `DelaySeconds`", "Set `delay` on the queue: it holds for all of its messages."
    return "", ""


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each call of a function whose queues are all FIFO."""
    fifo = {queue.key: queue for queue in pipeline.all(Queue) if queue.fifo}
    for function in pipeline.all(Function) if fifo else ():
        targets = [grant.key for grant in function.grants if grant.section == QUEUES.section]
        if not targets or not fifo.keys() >= set(targets) or not pipeline.settled(function.path):
            continue  # which queue a call is for is not known
        deduplicated = all(fifo[key].content_deduplication for key in targets)
        code = read_code(function, sources)
        for call in uses(code, function.entry).calls if code else ():
            if (call.service, call.operation) != ("sqs", "send_message"):
                continue
            how, hint = _fault(call, deduplicated=deduplicated)
            if how:
                message = f"`{function.key}` sends to the FIFO queue `{targets[0]}` {how} ({call.place})"
                yield Finding((*function.path, "access", QUEUES.section), message, hint, at_key=True)


RULE = Rule(
    code="IOT464",
    severity=Severity.WARNING,
    summary="A handler sends a message to a FIFO queue in a way that SQS refuses.",
    why=(
        "Each message of a FIFO queue needs a group, within which the order is kept, and a deduplication id "
        "where the queue does not derive it from the text. A delay is the queue's, never a message's. SQS "
        "refuses any other message when the function runs."
    ),
    fix="Pass `MessageGroupId` and `MessageDeduplicationId`, and no `DelaySeconds`.",
    ignore="The call is for a queue outside of the spec.",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html",
    check=check,
)
