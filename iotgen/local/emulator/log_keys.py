"""A log group's key can be changed. MiniStack takes one with a new group only."""

import json
from collections.abc import Mapping
from typing import Any

from iotgen.local.emulator.protocol import Answer, Handler


def mend_log_keys(logs: Any) -> None:
    """Make this MiniStack module take and drop the KMS key of a log group that is there."""
    handle: Handler = logs.handle_request

    async def handle_request(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query: Any
    ) -> Answer:
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        asked = json.loads(body) if action in ("AssociateKmsKey", "DisassociateKmsKey") else {}
        if asked.get("logGroupName") not in logs._log_groups:
            return await handle(method, path, headers, body, query)
        logs._log_groups[asked["logGroupName"]]["kmsKeyId"] = asked.get("kmsKeyId")
        return 200, {"Content-Type": "application/x-amz-json-1.1"}, b"{}"

    logs.handle_request = handle_request
