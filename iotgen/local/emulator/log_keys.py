"""The KMS key of a log group can be changed. MiniStack sets it only for a new group."""

import json
from collections.abc import Mapping
from typing import Any

from iotgen.local.emulator.protocol import Answer, Handler


def mend_log_keys(logs: Any) -> None:
    """Make this MiniStack module set and remove the KMS key of an existing log group."""
    handle: Handler = logs.handle_request

    async def handle_request(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query: Any
    ) -> Answer:
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        parameters = json.loads(body) if action in ("AssociateKmsKey", "DisassociateKmsKey") else {}
        if parameters.get("logGroupName") not in logs._log_groups:
            return await handle(method, path, headers, body, query)
        logs._log_groups[parameters["logGroupName"]]["kmsKeyId"] = parameters.get("kmsKeyId")
        return 200, {"Content-Type": "application/x-amz-json-1.1"}, b"{}"

    logs.handle_request = handle_request
