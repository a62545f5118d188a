"""Letters tried again: sent to their queue, invoked as asynchronous events, or published to their rule."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from iotgen.errors import IotgenError
from iotgen.model.dead_letters import Retry
from iotgen.operate.dlq.letter import DeadLetter
from iotgen.operate.dlq.queues import DeadLetterQueue, url_of
from iotgen.operate.refusal import error_code, explaining

Clients = Callable[[str], Any]
# Tries letters again, at most ten; why not, by id, for those that nothing took.
Send = Callable[[Sequence[DeadLetter]], Mapping[str, str]]

# What one call may hold; SQS takes 1 MiB since 2025, and emulators still less.
_CALL_BYTES = 256 * 1024
# Faults of the one event; any other is a fault for all that follow as well.
_OF_THE_EVENT = frozenset({"InvalidRequestContentException", "RequestTooLargeException"})


def sender(clients: Clients, queue: DeadLetterQueue) -> Send:
    """What tries letters of a queue again; IotgenError where their owner is not deployed."""
    name = queue.owner.retried
    if queue.owner.retry is Retry.EVENT:
        return lambda letters: _invoke(clients("lambda"), name, letters)
    if queue.owner.retry is Retry.PUBLISH:
        return lambda letters: _publish(clients("iot-data"), name, letters)
    sqs = clients("sqs")
    url = url_of(sqs, name)
    if url is None:
        raise IotgenError(
            f"the queue `{queue.owner.key}` is not deployed: AWS has no `{name}`", "Run `iotgen apply` first."
        )
    of_queue = _ordered if queue.owner.fifo else _message
    return lambda letters: _send(sqs, url, letters, of_queue)


def _send(
    sqs: Any, url: str, letters: Sequence[DeadLetter], of_queue: Callable[[DeadLetter], dict[str, Any]]
) -> dict[str, str]:
    failed: dict[str, str] = {}
    for call in _calls(letters):
        entries = [{"Id": str(number), **of_queue(letter)} for number, letter in enumerate(call)]
        with explaining("send messages", "sqs:SendMessage"):
            answer = sqs.send_message_batch(QueueUrl=url, Entries=entries)
        for one in answer.get("Failed", ()):
            failed[call[int(one["Id"])].id] = f"{one.get('Code', 'unknown')}: {one.get('Message', '')}"
    return failed


def _ordered(letter: DeadLetter) -> dict[str, Any]:
    """The message for a FIFO queue, in its group; its id, since SQS drops what it took under the first one.

    With it a letter that is sent again, as its deletion failed, is dropped within five minutes.
    """
    return _message(letter) | {
        "MessageGroupId": letter.group or letter.id,
        "MessageDeduplicationId": letter.id,
    }


def _message(letter: DeadLetter) -> dict[str, Any]:
    """The message to send: the same body and attributes, and the same trace."""
    parts = ("DataType", "StringValue", "BinaryValue")
    attributes = {
        name: {part: attribute[part] for part in parts if part in attribute}
        for name, attribute in letter.attributes.items()
    }
    trace = letter.system.get("AWSTraceHeader")
    header = {"AWSTraceHeader": {"DataType": "String", "StringValue": trace}}
    return {
        "MessageBody": letter.body,
        **({"MessageAttributes": attributes} if attributes else {}),
        **({"MessageSystemAttributes": header} if trace else {}),
    }


def _calls(letters: Sequence[DeadLetter]) -> Iterator[list[DeadLetter]]:
    call: list[DeadLetter] = []
    size = 0
    for letter in letters:
        own = _size(letter)
        if call and size + own > _CALL_BYTES:
            yield call
            call, size = [], 0
        call.append(letter)
        size += own
    if call:
        yield call


def _size(letter: DeadLetter) -> int:
    texts = [part for attribute in letter.attributes.values() for part in attribute.values()]
    names = "".join(letter.attributes)
    return len(letter.body.encode()) + len(names.encode()) + sum(len(str(text).encode()) for text in texts)


def _invoke(client: Any, function: str, letters: Sequence[DeadLetter]) -> dict[str, str]:
    """Invoke the function with each event, which Lambda tries three times before it is dead again."""
    from botocore.exceptions import ClientError

    failed: dict[str, str] = {}
    for letter in letters:
        if letter.undelivered and letter.undelivered.lost:
            failed[letter.id] = letter.undelivered.lost
            continue
        with explaining(f"invoke `{function}`", "lambda:InvokeFunction"):
            try:
                client.invoke(FunctionName=function, InvocationType="Event", Payload=letter.event.encode())
            except ClientError as error:
                if error_code(error) not in _OF_THE_EVENT:
                    raise
                failed[letter.id] = error_code(error)
    return failed


def _publish(client: Any, rule: str, letters: Sequence[DeadLetter]) -> dict[str, str]:
    """Publish the message of each report again, to this rule alone: other subscribers had it before.

    https://docs.aws.amazon.com/iot/latest/developerguide/iot-basic-ingest.html
    """
    failed: dict[str, str] = {}
    for letter in letters:
        if letter.report is None:
            failed[letter.id] = "it is no report of AWS IoT"
            continue
        topic = f"$aws/rules/{rule}/{letter.report.topic}"
        with explaining(f"publish to `{topic}`", "iot:Publish"):
            client.publish(topic=topic, qos=1, payload=letter.report.payload)
    return failed
