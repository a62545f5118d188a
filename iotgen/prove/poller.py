"""The poller that takes messages from a queue to a function, in batches.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

import json
from typing import Any

from iotgen.prove.account import Account
from iotgen.prove.aws.sqs import Message, record
from iotgen.prove.functions import FunctionService, Result
from iotgen.prove.kernel import MILLISECOND
from iotgen.prove.patterns import fits
from iotgen.prove.shape import PollShape

# One poller receives a while after a message has come.
_POLL = 20 * MILLISECOND


class Poller:
    """Polls one queue for one function."""

    def __init__(self, shape: PollShape, account: Account, function: FunctionService) -> None:
        self.shape, self.account, self.function = shape, account, function
        self.queue = account.queues[shape.queue]
        self.running = 0
        self.deleted = 0
        self._batch_due: int | None = None
        self._planned: set[int] = set()
        self.queue.changed = lambda: self._plan(account.kernel.now + _POLL)
        function.changed.append(self.look)

    def look(self) -> None:
        """Take batches while there are messages and executions for them."""
        now = self.account.kernel.now
        self._planned.discard(now)
        while (waiting := self.queue.visible(now)) and not self._busy():
            if self.shape.window and len(waiting) < self.shape.batch_size:
                if self._batch_due is None:
                    self._batch_due = now + self.shape.window
                if now < self._batch_due:
                    self._plan(self._batch_due)
                    return
            self._batch_due = None
            batch = [message for message in self._chosen(waiting) if self.queue.receive(message, now)]
            if self.shape.filters:
                batch = self._wanted(batch)
            if batch:
                self._plan(now + self.queue.visibility)
                self._invoke(batch)
        later = [message.visible_at for message in self.queue.messages.values() if message.visible_at > now]
        if later:
            self._plan(min(later))

    def _busy(self) -> bool:
        return self.shape.max_concurrency is not None and self.running >= self.shape.max_concurrency

    def _chosen(self, waiting: list[Message]) -> list[Message]:
        """A batch: the oldest messages, or any of them in any order."""
        chance = self.account.chance
        if len(waiting) > 1 and self.account.meets("reordered"):
            start = chance.below(len(waiting))
            waiting = waiting[start:] + waiting[:start]
            waiting = waiting[: len(waiting) - chance.below(len(waiting))]
        return waiting[: self.shape.batch_size]

    def _wanted(self, batch: list[Message]) -> list[Message]:
        """The messages that a filter lets through: others are deleted.

        https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
        """
        wanted = [
            one for one in batch if any(fits(pattern, _compared(one)) for pattern in self.shape.filters)
        ]
        for message in batch:
            if message not in wanted:
                self.queue.delete(message.id)
        return wanted

    def _invoke(self, batch: list[Message]) -> None:
        event = {"Records": [record(one, self.queue, self.account.shape.region) for one in batch]}
        receipts = [(message, message.receipt) for message in batch]
        self.running += 1
        if not self.function.invoke(event, lambda result: self._ended(receipts, result)):
            self.running -= 1

    def _ended(self, batch: list[tuple[Message, int]], result: Result) -> None:
        self.running -= 1
        failed = self._failed(batch, result)
        if failed:
            self.account.tell(self.queue.name, f"keeps {len(failed)} of {len(batch)} messages")
        for message, _ in batch:
            if message.id in failed:
                continue
            # A message is delivered again though it was deleted, now and then.
            if self.account.meets("repeated"):
                message.again += 1
            else:
                self.queue.delete(message.id)
                self.deleted += 1
        self.account.kernel.after(0, self.look)

    def _failed(self, batch: list[tuple[Message, int]], result: Result) -> set[str]:
        """The ids of the messages that come back: all of them where the answer is not what it should be."""
        everything = {message.id for message, _ in batch}
        if result.error:
            return everything
        if not self.shape.partial or not result.value:
            return set()
        named = _named(result.value)
        return everything if named is None or not named <= everything else named

    def _plan(self, when: int) -> None:
        if when not in self._planned:
            self._planned.add(when)
            self.account.kernel.at(when, self.look)


def _compared(message: Message) -> Any:
    """What a filter compares: a body that is JSON as such."""
    try:
        return {"body": json.loads(message.body)}
    except ValueError:
        return {"body": message.body}


def _named(answer: Any) -> set[str] | None:
    """The messages that an answer names as failed; None if it is not one that Lambda understands."""
    if not isinstance(answer, dict):
        return None
    failures = answer.get("batchItemFailures") or ()
    named = {one.get("itemIdentifier") if isinstance(one, dict) else None for one in failures}
    texts = {one for one in named if isinstance(one, str) and one}
    return texts if texts == named else None
