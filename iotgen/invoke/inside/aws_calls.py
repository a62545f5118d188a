"""AWS calls of a handler that are recorded, and sent or not: all but those that only read.

botocore asks its hooks before each call, and takes their answer in place of one from AWS:
https://docs.aws.amazon.com/botocore/latest/topics/events.html
"""

import json
import re
from collections.abc import Callable
from typing import Any

import botocore
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

# SQS's ReceiveMessage is no read: it hides what it returns. The last three change nothing but who asks.
_READS = re.compile(
    r"(BatchGet|TransactGet|Get|List|Describe|Head|Query|Scan|Select|Lookup|Decrypt|AssumeRole)[A-Za-z]*"
)
_PARAMETERS = "recorded_parameters"
_IDENTIFIER = "not-sent"

Record = Callable[[dict[str, Any]], None]


def record_writes(record: Record, *, send: bool = False) -> None:
    """Have `record` get each call that may write, of all sessions of botocore from here on.

    Without `send` none of these is sent.
    """

    def keep(params: Any, context: dict[str, Any], **_: Any) -> None:
        # boto3's resources change them after this, so here they are as the handler wrote them.
        context[_PARAMETERS] = json.loads(json.dumps(params, default=_plain))

    def answer(model: Any, context: dict[str, Any], **_: Any) -> tuple[AWSResponse, dict[str, Any]] | None:
        written = context.get(_PARAMETERS, {})
        if _only_reads(model.name, written):
            return None
        record({"service": model.service_model.service_name, "operation": model.name, "parameters": written})
        if send:
            return None
        return AWSResponse("", 200, HTTPHeaders(), None), _success(model.output_shape, written)

    def prepare(session: Any) -> None:
        events = session.get_component("event_emitter")
        events.register_first("provide-client-params", keep)
        events.register_first("before-call", answer)

    botocore.register_initializer(prepare)


def _only_reads(operation: str, parameters: dict[str, Any]) -> bool:
    if operation == "ExecuteStatement":
        return str(parameters.get("Statement", "")).lstrip().lower().startswith("select")
    return _READS.fullmatch(operation) is not None


def _success(shape: Any, parameters: dict[str, Any]) -> dict[str, Any]:
    """What AWS would answer, as far as callers look at it: all done, nothing left over."""
    members = shape.members if shape is not None else {}
    answer: dict[str, Any] = {"ResponseMetadata": {"HTTPStatusCode": 200, "RequestId": _IDENTIFIER}}
    for name, member in members.items():
        if member.type_name in ("list", "map"):
            answer[name] = [] if member.type_name == "list" else {}
        elif member.type_name in ("integer", "long"):
            answer[name] = 0
        elif member.type_name == "string" and name.endswith(("Id", "ETag", "Arn")):
            answer[name] = _IDENTIFIER
    if "Successful" in members:
        batches = [value for value in parameters.values() if isinstance(value, list)]
        entries = [entry for batch in batches for entry in batch if isinstance(entry, dict) and "Id" in entry]
        answer["Successful"] = [{"Id": entry["Id"], "MessageId": _IDENTIFIER} for entry in entries]
    return answer


def _plain(value: object) -> Any:
    """JSON for what boto3 takes besides: numbers of DynamoDB, sets, bytes, streams."""
    if isinstance(value, bytes | bytearray):
        return bytes(value).decode("utf-8", errors="backslashreplace")
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    return str(value)
