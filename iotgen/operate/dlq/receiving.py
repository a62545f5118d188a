"""A way through a queue: every message once, in bounded memory, and visible again afterwards.

SQS has no reading without receiving: a message that is received is hidden for a while. So each is hidden for
as long as the way through takes, and shown again at its end. If the process is killed, SQS does that later.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from iotgen.errors import RemoteError
from iotgen.operate.dlq.letter import DeadLetter, letter_of
from iotgen.operate.refusal import explaining

# How many messages one call receives, deletes or shows again.
BATCH = 10
# SQS hides up to 120,000 messages of a queue at a time, and those of other readers count too.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
MOST_HIDDEN = 100_000
# A minute, and more for a queue that takes longer: at least 20 messages are received in a second.
_LEAST_SECONDS, _MOST_SECONDS = 60, 900
_A_SECOND = 20
# A long poll asks all of SQS's servers, so that only an empty queue gives nothing.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
_WAIT_SECONDS = 1
# Calls in a row with messages that were all seen before.
_MOST_STALE = 3
_RECENT = 10_000


@dataclass
class Receiver:
    """A way through one queue; `hidden` are the messages that are not visible meanwhile, by id.

    `complete` is whether it came to the end.
    """

    sqs: Any
    url: str
    seconds: int
    hidden: dict[str, str] = field(default_factory=dict)
    received: int = 0
    complete: bool = False
    _gone: dict[str, None] = field(default_factory=dict)

    def batches(self, most: int | None = None) -> Iterator[tuple[DeadLetter, ...]]:
        """Up to ten letters at a time that were not seen before; at most `most` in all."""
        stale = 0
        while stale < _MOST_STALE and len(self.hidden) < MOST_HIDDEN:
            wanted = BATCH if most is None else min(BATCH, most - self.received)
            if wanted <= 0:
                return
            letters = self._receive(wanted)
            if not letters:
                # A FIFO queue hands out no more of a group while one of its messages is hidden.
                self.complete = not (self.hidden and self.url.endswith(".fifo"))
                return
            new = tuple(letter for letter in letters if not self._seen(letter))
            self.hidden |= {letter.id: letter.receipt for letter in letters}
            self.received += len(new)
            stale = 0 if new else stale + 1
            if new:
                yield new

    def letters(self, most: int | None = None) -> Iterator[DeadLetter]:
        """The same, one at a time."""
        for batch in self.batches(most):
            yield from batch

    def delete(self, letters: Sequence[DeadLetter]) -> dict[str, str]:
        """Delete up to ten letters from the queue; why not, by id, for those that are still there."""
        if not letters:
            return {}
        entries = [
            {"Id": str(number), "ReceiptHandle": self.hidden.get(letter.id, letter.receipt)}
            for number, letter in enumerate(letters)
        ]
        with explaining("delete messages", "sqs:DeleteMessage"):
            answer = self.sqs.delete_message_batch(QueueUrl=self.url, Entries=entries)
        failed = {letters[int(one["Id"])].id: str(one.get("Code", "")) for one in answer.get("Failed", ())}
        for letter in letters:
            if letter.id not in failed:
                self._forget(letter)
        return failed

    def show(self) -> None:
        """Make what is hidden visible again; what cannot be becomes so by itself."""
        receipts = list(self.hidden.values())
        self.hidden.clear()
        for start in range(0, len(receipts), BATCH):
            entries = [
                {"Id": str(number), "ReceiptHandle": receipt, "VisibilityTimeout": 0}
                for number, receipt in enumerate(receipts[start : start + BATCH])
            ]
            with explaining("show messages again", "sqs:ChangeMessageVisibility"):
                self.sqs.change_message_visibility_batch(QueueUrl=self.url, Entries=entries)

    def _receive(self, wanted: int) -> tuple[DeadLetter, ...]:
        with explaining("receive messages", "sqs:ReceiveMessage"):
            answer = self.sqs.receive_message(
                QueueUrl=self.url,
                MaxNumberOfMessages=wanted,
                VisibilityTimeout=self.seconds,
                WaitTimeSeconds=_WAIT_SECONDS,
                AttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
        return tuple(letter_of(message) for message in answer.get("Messages", ()))

    def _seen(self, letter: DeadLetter) -> bool:
        return letter.id in self.hidden or letter.id in self._gone

    def _forget(self, letter: DeadLetter) -> None:
        """Note a letter as deleted: SQS may return it once more."""
        self.hidden.pop(letter.id, None)
        self._gone[letter.id] = None
        if len(self._gone) > _RECENT:
            del self._gone[next(iter(self._gone))]


@contextmanager
def receiving(sqs: Any, url: str, expected: int) -> Iterator[Receiver]:
    """A way through a queue that holds about so many messages."""
    seconds = min(_MOST_SECONDS, _LEAST_SECONDS + expected // _A_SECOND)
    receiver = Receiver(sqs, url, seconds)
    try:
        yield receiver
    finally:
        with suppress(RemoteError):  # then SQS does it, in some seconds
            receiver.show()


def glimpse(sqs: Any, url: str) -> Iterable[DeadLetter]:
    """Up to ten letters, none of which is hidden from anyone."""
    with explaining("receive messages", "sqs:ReceiveMessage"):
        answer = sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=BATCH,
            VisibilityTimeout=0,
            WaitTimeSeconds=_WAIT_SECONDS,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
    # Nothing hides a message from the next part of the same call.
    return {message["MessageId"]: letter_of(message) for message in answer.get("Messages", ())}.values()
