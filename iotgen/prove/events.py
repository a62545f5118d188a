"""Asynchronous invocations: events that wait for a function, are tried again, and end as dead letters.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

import json
from collections.abc import Mapping
from typing import Any

from iotgen.prove.account import Account
from iotgen.prove.aws.sqs import Message
from iotgen.prove.functions import FunctionService, Result
from iotgen.prove.kernel import MINUTE, SECOND

_PAUSES = (MINUTE, 2 * MINUTE)
_OLDEST = 6 * 60 * MINUTE
_LATEST = (0, SECOND, 20 * SECOND)


class Events:
    """The events of one function."""

    def __init__(self, account: Account, function: FunctionService) -> None:
        self.account, self.function = account, function
        self.waiting = 0

    def add(self, event: Mapping[str, Any]) -> None:
        """Deliver an event, sooner or later, and now and then twice."""
        for _ in range(1 + self.account.meets("repeated")):
            late = _LATEST[self.account.chance.below(len(_LATEST))] if self.account.meets("reordered") else 0
            self.waiting += 1
            self.account.kernel.after(late, lambda: self._try(event, 0, self.account.kernel.now))

    def _try(self, event: Mapping[str, Any], attempt: int, since: int) -> None:
        kernel = self.account.kernel
        if self.function.invoke(event, lambda result: self._ended(event, attempt, since, result)):
            return
        if kernel.now - since < _OLDEST:
            kernel.after(5 * SECOND, lambda: self._try(event, attempt, since))
        else:
            self._bury(event, "EventAgeExceeded")

    def _ended(self, event: Mapping[str, Any], attempt: int, since: int, result: Result) -> None:
        if not result.error:
            self.waiting -= 1
        elif attempt < self.function.shape.retries:
            pause = _PAUSES[min(attempt, len(_PAUSES) - 1)]
            self.account.kernel.after(pause, lambda: self._try(event, attempt + 1, since))
        else:
            self._bury(event, result.error)

    def _bury(self, event: Mapping[str, Any], error: str) -> None:
        self.waiting -= 1
        queue = self.account.queues.get(self.function.shape.dead_letters or "")
        if queue is None:
            self.account.tell(self.function.shape.key, "an event is dropped")
            return
        now = self.account.kernel.now
        attributes = {"ErrorMessage": {"DataType": "String", "StringValue": error[:1000]}}
        queue.add(Message(self.account.number(), json.dumps(event), attributes, now, now))
