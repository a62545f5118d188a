"""Sends the readings of a plan: workers send each packet when it is due, and again if necessary.

Sending again is safe: the bytes are the same, and so are the events.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from random import Random
from threading import Event, Lock
from typing import Protocol

from iotgen.errors import RemoteError
from iotgen.simulate.fleet import Fleet
from iotgen.simulate.ledger import Ledger, Record, Reply, Snapshot
from iotgen.simulate.packets import Packet, packets

# Seconds.
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.1, 10.0
_SLICE = 0.5
_PROGRESS = 0.25
_UNREACHABLE_ATTEMPTS = 3
# A client detects a lost response by waiting for it, long enough for another arrival time.
_LOST_PAUSE = 1.5


class Destination(Protocol):
    """A destination of packets."""

    @property
    def name(self) -> str:
        """The name in reports."""

    def body(self, fleet: Fleet, packet: Packet) -> bytes:
        """The bytes for a packet, always the same."""

    def deliver(self, packet: Packet, body: bytes) -> Reply:
        """Send it once.

        Raises RemoteError if there is no response, and another IotgenError if no packet can be sent there.
        """


@dataclass(frozen=True, slots=True)
class Timing:
    """A monotonic clock in seconds, and a function that waits."""

    now: Callable[[], float] = time.monotonic
    wait: Callable[[float], None] = time.sleep


class RefusedError(RemoteError):
    """The destination rejects all packets of this caller, so the run ends."""


@dataclass(frozen=True)
class Outcome:
    """The fleet, and the record of the answers to its readings."""

    fleet: Fleet
    destination: str
    record: Record
    seconds: float
    interrupted: bool


def run(
    fleet: Fleet,
    destination: Destination,
    progress: Callable[[Snapshot], None] = lambda _: None,
    timing: Timing | None = None,
) -> Outcome:
    """Send all readings; Ctrl-C ends the run early. Raises RemoteError if the destination cannot be used."""
    timing = timing or Timing()
    ledger, started = Ledger(fleet.options.count), timing.now()
    sender = _Sender(fleet, destination, ledger, timing, started)
    interrupted = False
    with ThreadPoolExecutor(fleet.options.workers) as pool:
        working = [pool.submit(sender.work, worker) for worker in range(fleet.options.workers)]
        try:
            _watch(working, ledger, progress)
        except KeyboardInterrupt:
            interrupted = True
        finally:
            sender.stop.set()
    progress(ledger.snapshot())
    return Outcome(fleet, destination.name, ledger.record(), timing.now() - started, interrupted)


def _watch(working: list[Future[None]], ledger: Ledger, progress: Callable[[Snapshot], None]) -> None:
    """Show the progress until all workers are done; raises the exception of a worker."""
    waiting = set(working)
    while waiting:
        done, waiting = wait(waiting, _PROGRESS, FIRST_EXCEPTION)
        for worker in done:
            worker.result()
        progress(ledger.snapshot())


class _Sender:
    """The shared state of the workers."""

    def __init__(
        self, fleet: Fleet, destination: Destination, ledger: Ledger, timing: Timing, started: float
    ) -> None:
        self.stop = Event()
        self._fleet, self._destination, self._ledger = fleet, destination, ledger
        self._timing, self._started = timing, started
        self._packets: Iterator[Packet] = packets(fleet)
        self._lock = Lock()

    def work(self, worker: int) -> None:
        """Send packet after packet until there are no more, or the run stops."""
        random = Random(f"{self._fleet.run}/worker/{worker}")  # noqa: S311 (only spreads attempts)
        while not self.stop.is_set() and (packet := self._next()):
            self._pause(self._started + packet.due - self._timing.now())
            if not self.stop.is_set():
                self._send(packet, random)

    def _next(self) -> Packet | None:
        with self._lock:
            return next(self._packets, None)

    def _send(self, packet: Packet, random: Random) -> None:
        body = self._destination.body(self._fleet, packet)
        lost = packet.repeated
        give_up_at = self._timing.now() + self._fleet.options.patience
        attempt = 0
        while True:
            attempt += 1
            reply, error = self._attempt(packet, body)
            if not reply.again and not lost:
                self._ledger.settle(packet, reply)
                return
            if not reply.again:
                lost = False
                self._ledger.repeat()
                self._pause(_LOST_PAUSE)
                continue
            self._ledger.wait()
            pause = _pause_after(reply, attempt, random)
            if error and attempt >= _UNREACHABLE_ATTEMPTS and not self._ledger.has_answers:
                raise error
            if self.stop.is_set() or self._timing.now() + pause > give_up_at:
                self._ledger.give_up(packet)
                return
            self._pause(pause)

    def _attempt(self, packet: Packet, body: bytes) -> tuple[Reply, RemoteError | None]:
        started, error = self._timing.now(), None
        try:
            reply = self._destination.deliver(packet, body)
        except RefusedError:
            raise
        except RemoteError as no_response:
            reply, error = Reply("no answer", again=True), no_response
        self._ledger.request(reply, self._timing.now() - started)
        return reply, error

    def _pause(self, seconds: float) -> None:
        """Wait, in short slices, so that a stop takes effect soon."""
        until = self._timing.now() + seconds
        while not self.stop.is_set() and (left := until - self._timing.now()) > 0:
            self._timing.wait(min(left, _SLICE))


def _pause_after(reply: Reply, attempt: int, random: Random) -> float:
    """The requested pause with a little jitter, or else twice the previous one, with jitter."""
    if reply.after is not None:
        return reply.after * (1 + random.random() / 4)
    return random.random() * min(_LONGEST_PAUSE, _SHORTEST_PAUSE * 2.0**attempt)
