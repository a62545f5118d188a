"""What the error action of a rule of AWS IoT reports: the message that failed, and why.

https://docs.aws.amazon.com/iot/latest/developerguide/rule-error-handling.html
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from iotgen.spec.strict_json import read_json

_PAYLOAD = "base64OriginalPayload"
# What differs from message to message: the request's ids, and the message's own topic.
_OWN = re.compile(r" \(Service: .*|\.? *Message arrived on: .*", re.DOTALL)


@dataclass(frozen=True)
class RuleReport:
    """A message as a device published it to `topic`, and why actions failed."""

    topic: str
    payload: bytes
    reason: str

    @property
    def text(self) -> str:
        """The message, as far as it is text."""
        return self.payload.decode("utf-8", errors="replace")


def rule_report(body: str) -> RuleReport | None:
    """The report in a message's body; None if it is none."""
    if _PAYLOAD not in body:
        return None
    try:
        data = read_json(body)
        payload = base64.b64decode(data[_PAYLOAD], validate=True)
        return RuleReport(str(data["topic"]), payload, _reason(data.get("failures") or ()))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        return None


def with_payload(body: str, payload: str) -> str:
    """The same report of another message."""
    return json.dumps(read_json(body) | {_PAYLOAD: base64.b64encode(payload.encode()).decode()})


def _reason(failures: Iterable[Any]) -> str:
    return "; ".join(dict.fromkeys(f"{one['failedAction']}: {_told(one)}" for one in failures))


def _told(failure: Any) -> str:
    return _OWN.sub("", str(failure.get("errorMessage", ""))).strip() or str(failure["failedResource"])
