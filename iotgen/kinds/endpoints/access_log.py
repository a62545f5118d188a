"""The API's access log: one line a request, in JSON.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.kinds.endpoints.api import Api
from iotgen.model.log_group import Entry, LogGroup, Span

_SERVER_ERRORS, _CLIENT_ERRORS = 500, 400

ACCESS_LOG = json.dumps(
    {
        "requestId": "$context.requestId",
        "extendedRequestId": "$context.extendedRequestId",
        "traceId": "$context.xrayTraceId",
        "time": "$context.requestTimeEpoch",
        "method": "$context.httpMethod",
        "path": "$context.resourcePath",
        "status": "$context.status",
        "latency": "$context.responseLatency",
        "integrationLatency": "$context.integrationLatency",
        "length": "$context.responseLength",
        "caller": "$context.identity.caller",
        "error": "$context.error.responseType",
    },
    separators=(",", ":"),
)


def api_logs(api: Api) -> Iterator[LogGroup]:
    """The access log, which is shown only if it is asked for: functions log what they refuse, too."""
    yield LogGroup(writer=api.key, name=f"/aws/apigateway/{api.name}", usual=False, entry=_entry, span=_span)


def _span(fields: Mapping[str, Any], time: int) -> Span:
    """From when the request came, for as long as its answer took; numbers are texts in the line."""
    start, latency = (str(fields.get(name, "")) for name in ("time", "latency"))
    began = int(start) if start.isdecimal() else time
    return Span(began, began + (int(latency) if latency.isdecimal() else 0))


def _entry(fields: Mapping[str, Any]) -> Entry:
    text = str(fields.get("status", ""))
    status = int(text) if text.isdecimal() else 0
    level = "ERROR" if status >= _SERVER_ERRORS else "WARN" if status >= _CLIENT_ERRORS else "INFO"
    return Entry(level, f"{fields.get('method', '')} {fields.get('path', '')} {text}".strip())
