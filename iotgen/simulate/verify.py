"""Waits until the pipeline has processed a run, and accounts for its readings."""

from collections.abc import Callable
from typing import Protocol

from iotgen.simulate.account import Balance, Found, account
from iotgen.simulate.send import Outcome, Timing

# Seconds.
POLL = 2.0
_LONGEST_POLL = 30.0
# For this long after the queue is empty, readings may still be in progress: SQS counts with a delay.
SETTLED = 60.0

Say = Callable[[str], None]


class Stores(Protocol):
    """The stores of a run."""

    def waiting(self) -> int | None:
        """The number of messages still in the queues; None if unknown."""

    def found(self) -> Found:
        """The readings of the run in all stores."""


def verify(
    outcome: Outcome,
    stores: Stores,
    deadline: float,
    timing: Timing | None = None,
    say: Say = lambda _: None,
) -> Balance:
    """Account for every sent reading.

    Waits up to `deadline` seconds for the queue to drain and for missing readings; stops waiting once the
    queue has been empty for SETTLED seconds. A read in progress is completed even after the deadline. Raises
    RemoteError if the stores cannot be read.
    """
    timing = timing or Timing()
    until = timing.now() + deadline
    record, pause = outcome.record, POLL
    empty_since: float | None = None
    while True:
        waiting, began = stores.waiting(), timing.now()
        if waiting and began < until:
            say(f"the queue still holds {waiting} messages")
            empty_since = None
            timing.wait(min(POLL, until - began))
            continue
        if waiting == 0 and empty_since is None:
            empty_since = began
        balance = account(outcome.fleet, record.answers, stores.found(), record.contradictions, waiting or 0)
        now = timing.now()
        settled = empty_since is not None and now - empty_since >= SETTLED
        if settled or now >= until or not balance.may_mend:
            return balance
        say(f"{len(balance.faults)} readings are not accounted for yet")
        pause = min(_LONGEST_POLL, max(pause * 1.5, now - began))
        timing.wait(min(pause, until - now))
