"""SQS and Lambda's poller on a virtual clock.

Messages come back after their visibility timeout, and end as dead letters after as many receives as the
queue allows.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.bench.memory_aws import CALL_SECONDS, Killed
from tests.bench.virtual_time import VirtualTime

_RECEIVED_AT_ONCE = 10  # by a ReceiveMessage; also what a DeleteMessageBatch takes
_NUMBERS = itertools.count()


@dataclass
class Message:
    """A message, when it can be received, and how often it was."""

    body: str
    visible_at: float = 0.0
    receives: int = 0
    id: str = field(default_factory=lambda: f"m-{next(_NUMBERS)}")


@dataclass
class Queue:
    """The messages that wait, and the dead letters."""

    time: VirtualTime
    visibility_seconds: float
    max_receives: int
    waiting: list[Message]
    dead: list[Message] = field(default_factory=list)

    def receive(self, most: int) -> list[Message]:
        """Take the messages that are visible, up to so many."""
        taken: list[Message] = []
        for message in [one for one in self.waiting if one.visible_at <= self.time.now]:
            if message.receives == self.max_receives:
                self.waiting.remove(message)
                self.dead.append(message)
            elif len(taken) < most:
                message.receives += 1
                message.visible_at = self.time.now + self.visibility_seconds
                taken.append(message)
        return taken

    def poll(self, batch_size: int, invoke: Callable[[Sequence[Message]], Any]) -> None:
        """Hand messages to a function until none is left, one batch after another."""
        while self.waiting:
            batch = self.receive(batch_size)
            if not batch:
                self._wait()
                continue
            self.time.sleep(CALL_SECONDS * -(-len(batch) // _RECEIVED_AT_ONCE))
            try:
                failed = {failure["itemIdentifier"] for failure in invoke(batch)["batchItemFailures"]}
            except Killed:
                continue
            done = [message for message in batch if message.id not in failed]
            self.time.sleep(CALL_SECONDS * -(-len(done) // _RECEIVED_AT_ONCE))
            for message in done:
                self.waiting.remove(message)

    def _wait(self) -> None:
        if self.waiting:
            self.time.sleep(max(CALL_SECONDS, min(one.visible_at for one in self.waiting) - self.time.now))
