"""A queue and the pollers that take its messages to a function, in batches, under a load.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from iotgen.prove.kernel import SECOND
from iotgen.prove.load.assumed import Assumed
from iotgen.prove.load.clock import Clock
from iotgen.prove.load.lambdas import Lambda
from iotgen.prove.load.notes import Notes
from iotgen.prove.shape import PollShape, QueueShape

# Lambda starts with five batches at a time, takes 300 more a minute while messages wait, and 1,250 at most.
FIRST_POLLERS = 5
POLLERS_A_SECOND = 5
MOST_POLLERS = 1250
# SQS hands out ten messages at a time; only a batch window gathers more.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
WITHOUT_WINDOW = 10
# Assumed between two attempts of a poller whose batch is throttled.
_BACKOFF = 1.0


@dataclass(slots=True)
class Message:
    """A message: when its readings arrived, and how many there are."""

    arrived: float
    readings: float
    receives: int = 0
    holder: "Batch | None" = None
    done: bool = False


@dataclass(slots=True)
class Batch:
    """Messages that a poller gathers, since the first was received."""

    messages: list[Message]
    received: float
    gone: bool = False


class Queueing:
    """A queue that one function reads."""

    def __init__(
        self,
        shape: QueueShape,
        poll: PollShape,
        function: Lambda,
        clock: Clock,
        random: Random,
        notes: Notes,
        assumed: Assumed,
    ) -> None:
        self.key, self.poll, self.function = shape.key, poll, function
        self.held = 0
        self.most = min(MOST_POLLERS, poll.max_concurrency or MOST_POLLERS)
        self.pollers = min(FIRST_POLLERS, self.most)
        self.waiting: deque[Message] = deque()
        self._visibility = shape.visibility / SECOND
        self._receives = shape.max_receives or 1_000_000
        self._window = poll.window / SECOND
        self._size = poll.batch_size if self._window else min(WITHOUT_WINDOW, poll.batch_size)
        self._clock, self._random, self._notes, self._assumed = clock, random, notes, assumed
        self._running = 0
        self._gathering: list[Batch] = []
        self._turn = 0
        self._looks = False
        clock.after(1, self._scale)

    def add(self, arrived: float, readings: float) -> None:
        """Take a message in."""
        self.held += 1
        self._notes.longest[self.key] = max(self._notes.longest[self.key], self.held)
        self.waiting.append(Message(arrived, readings))
        self._soon()

    def _scale(self) -> None:
        if self.waiting and self.pollers < self.most:
            self.pollers = min(self.most, self.pollers + POLLERS_A_SECOND)
            self._soon()
        self._clock.after(1, self._scale)

    def _soon(self) -> None:
        if not self._looks:
            self._looks = True
            self._clock.after(self._assumed["poll"].draw(self._random), self._look)

    def _look(self) -> None:
        """Take what waits: into batches that are being gathered, or new ones while there are pollers."""
        self._looks = False
        while self.waiting and (batch := self._open()):
            room = self._size - len(batch.messages)
            batch.messages += list(self._received(batch, room))
            if len(batch.messages) >= self._size or (not self._window and batch.messages):
                self._send(batch)

    def _open(self) -> Batch | None:
        """The batch that the next message goes to: pollers take turns."""
        free = self.pollers - self._running - len(self._gathering)
        if free > 0 and (len(self._gathering) < FIRST_POLLERS or len(self.waiting) >= self._size):
            batch = Batch([], self._clock.now)
            self._gathering.append(batch)
            if self._window:
                self._clock.after(self._window, lambda: self._send(batch))
            return batch
        if not self._gathering:
            return None
        self._turn += 1
        return self._gathering[self._turn % len(self._gathering)]

    def _received(self, batch: Batch, room: int) -> Iterator[Message]:
        """Messages for a batch: one receive hands out ten at most, unless so many wait that they fill it."""
        most = room if len(self.waiting) >= self._size else min(room, WITHOUT_WINDOW)
        while most and self.waiting:
            message = self.waiting.popleft()
            if message.done:
                continue
            message.receives += 1
            if message.receives > self._receives:
                message.done = True
                self.held -= 1
                self._notes.dead += 1
                continue
            message.holder = batch
            most -= 1
            yield message

    def _send(self, batch: Batch) -> None:
        if batch.gone:
            return
        batch.gone = True
        self._gathering.remove(batch)
        if not batch.messages:
            return
        self._running += 1
        self._notes.batches += 1
        self._notes.largest = max(self._notes.largest, len(batch.messages))
        self._try(batch, first=True)

    def _try(self, batch: Batch, *, first: bool) -> None:
        """Invoke the function, again and again while it is throttled and the messages are hidden."""
        left = batch.received + self._visibility - self._clock.now
        if left <= 0:
            self._running -= 1
            self._return(batch, handled=False)
            return
        readings = sum(message.readings for message in batch.messages)
        took = self.function.invoke(len(batch.messages), readings, lambda well: self._ended(batch, well))
        if took is None:
            self._notes.delayed += first
            self._clock.after(_BACKOFF, lambda: self._try(batch, first=False))
        elif took > left:
            self._clock.after(left, lambda: self._return(batch, handled=True))

    def _ended(self, batch: Batch, well: bool) -> None:
        self._running -= 1
        if well:
            now, notes = self._clock.now, self._notes
            for message in batch.messages:
                if not message.done:
                    message.done = True
                    self.held -= 1
                    notes.finished += 1
                    notes.wait(self.key, now - message.arrived)
                    notes.store(self.function.shape.key, now - message.arrived)
        else:
            left = max(0.0, batch.received + self._visibility - self._clock.now)
            self._clock.after(left, lambda: self._return(batch, handled=False))
        self._soon()

    def _return(self, batch: Batch, *, handled: bool) -> None:
        """Messages are visible again, though they are still `handled`, or because they were not."""
        for message in batch.messages:
            if message.holder is batch and not message.done:
                message.holder = None
                self._notes.twice += handled
                self.waiting.append(message)
        self._soon()
