"""What fails asynchronously is in a dead-letter queue as Lambda puts it there: the event, with attributes.

MiniStack puts a record of the failure there, as for a destination, which Lambda does not; and where failures
have a destination, it puts nothing there, while Lambda does.
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
"""

import hashlib
import json
import time
import uuid
from typing import Any

# Lambda's code of an event whose function failed.
_FUNCTION_FAILED = "200"
_LONGEST_MESSAGE = 1024


def mend_dead_letters(lambda_svc: Any, sqs: Any) -> None:
    """Make these MiniStack modules put failed events into dead-letter queues as they are."""
    to_destination = lambda_svc._route_async_failure

    def route(target: str, function: str, event: Any, result: dict[str, Any]) -> None:
        config = lambda_svc._functions.get(function, {}).get("config", {})
        dead_letters = (config.get("DeadLetterConfig") or {}).get("TargetArn")
        queue = sqs._queue_by_arn(dead_letters) if dead_letters else None
        if queue is None or dead_letters != target:
            to_destination(target, function, event, result)
        if queue is not None:
            queue["messages"].append(_message(sqs, event, result))

    lambda_svc._route_async_failure = route


def _message(sqs: Any, event: Any, result: dict[str, Any]) -> dict[str, Any]:
    body, now = json.dumps(event), time.time()
    failure = result.get("body")
    error = str(failure.get("errorMessage", "")) if isinstance(failure, dict) else ""
    attributes = {
        "RequestID": {"DataType": "String", "StringValue": str(uuid.uuid4())},
        "ErrorCode": {"DataType": "Number", "StringValue": _FUNCTION_FAILED},
        "ErrorMessage": {"DataType": "String", "StringValue": error[:_LONGEST_MESSAGE] or "unknown"},
    }
    return {
        "id": str(uuid.uuid4()),
        "body": body,
        "md5_body": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
        "md5_attrs": sqs._md5_msg_attrs(attributes),
        "receipt_handle": None,
        "sent_at": now,
        "visible_at": now,
        "receive_count": 0,
        "first_receive_at": None,
        "message_attributes": attributes,
        "sys": sqs._build_send_sys_attrs(now, {}),
        "group_id": None,
        "dedup_id": None,
        "dedup_cache_key": None,
        "seq": None,
    }
