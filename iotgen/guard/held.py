"""What the resources that a plan destroys hold now."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from iotgen.guard.losses import Loss
from iotgen.model.contents import Amount, Clients

_AT_ONCE = 8


@dataclass(frozen=True)
class Held:
    """A resource that a plan destroys, and what it holds."""

    loss: Loss
    amount: Amount


def held(
    losses: tuple[Loss, ...], clients: Clients, now: datetime, progress: Callable[[int], None]
) -> tuple[Held, ...]:
    """What each resource holds; `progress` gets how many are known, after each.

    What AWS does not say is unknown, which is not empty.
    """
    shared = _Shared(clients)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        asked = {pool.submit(_amount, loss, shared, now): loss for loss in losses}
        try:
            for known, _ in enumerate(as_completed(asked), start=1):
                progress(known)
        finally:
            pool.shutdown(cancel_futures=True)
        return tuple(Held(loss, answer.result()) for answer, loss in asked.items())


def _amount(loss: Loss, clients: Clients, now: datetime) -> Amount:
    try:
        return loss.look(clients, loss.change.before or {}, now)
    except ClientError as error:
        return Amount(f"unknown: AWS answers {error.response['Error']['Code']}", empty=False)
    except BotoCoreError as error:
        return Amount(f"unknown: {error}", empty=False)


class _Shared:
    """One client of each service for all threads: making them is not thread-safe, using them is.

    https://boto3.amazonaws.com/v1/documentation/api/latest/guide/clients.html#multithreading-or-multiprocessing-with-clients
    """

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._made: dict[str, Any] = {}
        self._lock = Lock()

    def __call__(self, service: str) -> Any:
        with self._lock:
            if service not in self._made:
                self._made[service] = self._clients(service)
            return self._made[service]


def not_allowed(all_held: tuple[Held, ...], allowed: frozenset[str]) -> tuple[Held, ...]:
    """What holds something, and whose loss nobody has allowed."""
    return tuple(one for one in all_held if not one.amount.empty and one.loss.name not in allowed)
