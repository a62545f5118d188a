"""What EventBridge notes on an event that it could not deliver: rules and schedules have the same attributes.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
"""

import re
from collections.abc import Mapping

from iotgen.model.trigger import Undelivered

# What differs from one message to the next: the ids of the request.
_OWN = re.compile(r" *\(Service: .*", re.DOTALL)
_CUT = "the event is incomplete: EventBridge cut it off, as it was too long"


def undelivered(body: str, attributes: Mapping[str, str], source: str, noun: str) -> Undelivered | None:
    """The event in a message; `source` is the attribute with the ARN of what sent it, the `noun`."""
    arn = attributes.get(source)
    if arn is None:
        return None
    code, text = attributes.get("ERROR_CODE", ""), _OWN.sub("", attributes.get("ERROR_MESSAGE", "")).strip()
    why = ": ".join(filter(None, (code, text))) or "no reason noted"
    is_cut = attributes.get("IS_PAYLOAD_TRUNCATED", "").lower() == "true"
    reason = f"the {noun} `{arn.rpartition('/')[2]}` could not deliver it: {why}"
    return Undelivered(reason, body, _CUT if is_cut else "")
