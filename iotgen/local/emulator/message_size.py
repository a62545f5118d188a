"""AWS IoT takes messages of 128 KB. MiniStack takes larger ones too.

https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits
"""

import json
from typing import Any

from iotgen.local.emulator.protocol import Answer, Handler

MOST = 128 * 1024


def mend_message_size(iot_data: Any) -> None:
    """Make this MiniStack module refuse a message that AWS IoT would."""
    publish: Handler = iot_data._publish

    async def bounded(topic: str, body: bytes, *others: Any) -> Answer:
        return await publish(topic, body, *others) if len(body) <= MOST else too_large()

    iot_data._publish = bounded


def too_large() -> Answer:
    """The refusal."""
    name = "RequestEntityTooLargeException"
    body = {"__type": name, "message": "The payload exceeds the maximum size allowed."}
    return 413, {"Content-Type": "application/json", "x-amzn-errortype": name}, json.dumps(body).encode()
