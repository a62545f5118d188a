"""Waits until the pipeline has worked off a run, and balances the account."""

from collections.abc import Callable
from typing import Protocol

from iotgen.simulate.account import Balance, Found, account
from iotgen.simulate.send import Outcome, Timing

# Seconds.
POLL = 2.0
_LONGEST_POLL = 30.0
# So long after the queue was found empty something may still be on its way; SQS counts with a delay.
SETTLED = 60.0

Say = Callable[[str], None]


class Stores(Protocol):
    """What a run left behind."""

    def waiting(self) -> int | None:
        """How many messages are not processed yet; None where nothing tells."""

    def found(self) -> Found:
        """All that there is of the run."""


def verify(
    outcome: Outcome,
    stores: Stores,
    deadline: float,
    timing: Timing | None = None,
    say: Say = lambda _: None,
) -> Balance:
    """Account for every reading that was sent.

    Waits up to `deadline` seconds for the queue to drain and for what is missing; stops waiting where the
    queue has been empty for SETTLED seconds. A look that has begun is not cut short by the deadline. Raises
    RemoteError where the stores can't be read.
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
