"""A letter as the event that its function gets, and what an invocation with it means for the letter."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from iotgen.errors import IotgenError
from iotgen.kinds.functions import Function
from iotgen.model.dead_letters import Retry
from iotgen.model.pipeline import Pipeline
from iotgen.operate.dlq.letter import DeadLetter
from iotgen.operate.dlq.queues import DeadLetterQueue, Opened, readers
from iotgen.spec.strict_json import read_json
from iotgen.triggers.queue import queue_event


class Outcome(StrEnum):
    """What became of a letter: handled, failed, given back to its queue, or rejected once more."""

    HANDLED = "handled"
    FAILED = "failed"
    RETURNED = "returned"
    REJECTED = "rejected"


def handler_of(pipeline: Pipeline, queue: DeadLetterQueue) -> Function:
    """The function that handles the letters of a queue; IotgenError if there is none."""
    if queue.owner.retry is Retry.PUBLISH:
        raise IotgenError(
            f"what the rule `{queue.owner.key}` selects is known to AWS IoT only, so nothing can be replayed",
            f"Run `iotgen dlq redrive {queue.key}`.",
        )
    for function in readers(pipeline, queue):
        return function
    raise IotgenError(
        f"no function reads the queue `{queue.owner.key}` ({queue.place}), so nothing can be replayed",
        f"Add it to the `triggers` of a function: `{{queue: {queue.owner.key}}}`.",
    )


def event_of(letter: DeadLetter, opened: Opened) -> Any:
    """The event as Lambda gives it: a batch of one message, or the event of the invocation that failed."""
    if opened.queue.owner.retry is Retry.EVENT:
        if letter.undelivered and letter.undelivered.lost:
            raise IotgenError(f"the message `{letter.id}` cannot be replayed: {letter.undelivered.lost}")
        try:
            return read_json(letter.event)
        except ValueError as error:
            raise IotgenError(f"the event `{letter.id}` is not JSON: {error}") from error
    message = {
        "MessageId": letter.id,
        "ReceiptHandle": letter.receipt,
        "Body": letter.body,
        "MD5OfBody": letter.md5,
        "Attributes": letter.system,
        "MessageAttributes": letter.attributes,
    }
    base = opened.arn.rpartition(":")[0]
    return queue_event([message], f"{base}:{opened.queue.owner.name}", base.split(":")[3])


def outcome(opened: Opened, result: Any, calls: Sequence[Mapping[str, Any]], *, failed: bool) -> Outcome:
    """What an invocation means; `calls` are the parameters of its calls that may write."""
    if failed:
        return Outcome.FAILED
    if opened.queue.owner.retry is Retry.MESSAGE and _failures(result):
        return Outcome.RETURNED
    if any(parameters.get("QueueUrl") == opened.url for parameters in calls):
        return Outcome.REJECTED
    return Outcome.HANDLED


def new_reasons(opened: Opened, calls: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Why a handler rejects letters once more, as it notes it on them."""
    sent = [parameters for parameters in calls if parameters.get("QueueUrl") == opened.url]
    messages = [message for parameters in sent for message in parameters.get("Entries", [parameters])]
    attributes = [message.get("MessageAttributes", {}).get("reason", {}) for message in messages]
    return tuple(str(value["StringValue"]) for value in attributes if "StringValue" in value)


def _failures(result: Any) -> bool:
    """https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html."""
    return bool(result.get("batchItemFailures")) if isinstance(result, dict) else False
