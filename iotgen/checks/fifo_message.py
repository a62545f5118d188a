"""A handler sends a message to a FIFO queue or topic in a way that AWS refuses."""

from collections.abc import Iterator, Mapping

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.kinds.queues import QUEUES, Queue
from iotgen.kinds.topics import TOPICS, Topic
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity
from iotgen.usage.modules import read_code
from iotgen.usage.reached import Call, uses


def _fault(call: Call, noun: str, *, deduplicated: bool) -> tuple[str, str]:
    """What is wrong with a call of `send_message` or `publish`, and what to do; empty if nothing is."""
    if call.lacks("MessageGroupId"):
        return "without a `MessageGroupId`", "Pass one: what has its own order, such as the device's id."
    if call.lacks("MessageDeduplicationId") and not deduplicated:
        hint = f"Pass one, such as the reading's id, or set `content_deduplication: true` on the {noun}."
        return "without a `MessageDeduplicationId`", hint
    if call.arguments and "DelaySeconds" in dict(call.arguments):
        return "with `DelaySeconds`", "Set `delay` on the queue: it holds for all of its messages."
    return "", ""


# By section: the noun, the call that sends one message, and its verb.
_SENDING = {
    QUEUES.section: ("queue", ("sqs", "send_message"), "sends"),
    TOPICS.section: ("topic", ("sns", "publish"), "publishes"),
}


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each call of a function whose queues, or topics, are all FIFO."""
    for section, own in ((QUEUES.section, pipeline.all(Queue)), (TOPICS.section, pipeline.all(Topic))):
        fifo: dict[str, Queue | Topic] = {one.key: one for one in own if one.fifo}
        for function in pipeline.all(Function) if fifo else ():
            yield from _of(pipeline, sources, function, section, fifo)


def _of(
    pipeline: Pipeline,
    sources: Sources,
    function: Function,
    section: str,
    fifo: Mapping[str, Queue | Topic],
) -> Iterator[Finding]:
    targets = [grant.key for grant in function.grants if grant.section == section]
    if not targets or not fifo.keys() >= set(targets) or not pipeline.settled(function.path):
        return  # which queue or topic a call is for is not known
    noun, sending, verb = _SENDING[section]
    deduplicated = all(fifo[key].content_deduplication for key in targets)
    code = read_code(function, sources)
    for call in uses(code, function.entry).calls if code else ():
        how, hint = _fault(call, noun, deduplicated=deduplicated)
        if how and (call.service, call.operation) == sending:
            message = f"`{function.key}` {verb} to the FIFO {noun} `{targets[0]}` {how} ({call.place})"
            yield Finding((*function.path, "access", section), message, hint, at_key=True)


RULE = Rule(
    code="IOT464",
    severity=Severity.WARNING,
    summary="A handler sends a message to a FIFO queue or topic in a way that AWS refuses.",
    why=(
        "Each message of a FIFO queue or topic needs a group, within which the order is kept, and a "
        "deduplication id where the queue or topic does not derive it from the text. A delay is the queue's, "
        "never a message's. AWS refuses any other message when the function runs."
    ),
    fix="Pass `MessageGroupId` and `MessageDeduplicationId`, and no `DelaySeconds`.",
    ignore="The call is for a queue or a topic outside of the spec.",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html",
    check=check,
)
