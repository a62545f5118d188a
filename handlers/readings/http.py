"""API Gateway's proxy events: the request's JSON out of them, and answers and errors into its form."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from readings import aws_errors, batch, exact_json
from readings.invocation import Invocation
from readings.reading import ReadingError

RETRY_AFTER_SECONDS = 2

Event = Mapping[str, Any]
Response = dict[str, Any]


class RequestError(Exception):
    """A request that the client can mend; `details` holds `{"field", "reason"}` objects."""

    def __init__(
        self, status: int, code: str, message: str, details: Sequence[Mapping[str, str]] = ()
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.details = status, code, message, details


def respond(event: Event, invocation: Invocation, work: Callable[[], Mapping[str, Any]]) -> Response:
    """Do the work of a request and answer it: 200 with what it gives, or the error that it raised."""
    if request_id := (event.get("requestContext") or {}).get("requestId"):
        invocation.note(api_request_id=request_id)  # as in the API's access log
    try:
        return _response(200, work())
    except RequestError as refused:
        invocation.refuse(refused.code)
        return _error(refused.status, refused.code, refused.message, refused.details)
    except Exception as error:  # the client gets an answer, the alarm its metric, the log the reason
        invocation.fault(error)
        if aws_errors.is_transient(error):
            return _error(503, "busy", "too busy at the moment; send the same request again", ())
        return _error(500, "internal", "internal error; it is safe to send the same request again", ())


def check(event: Any) -> None:
    """Raise ValueError where an event is no request: an answer would mean to Lambda that it was handled."""
    if not isinstance(event, dict) or "httpMethod" not in event:
        raise ValueError("the event is not of API Gateway")


def document(event: Event, max_bytes: int) -> Any:
    """Give the request's body as parsed JSON; raise RequestError."""
    try:
        return exact_json.loads(_body(event, max_bytes))
    except exact_json.JsonError as error:
        raise RequestError(400, "invalid_json", str(error)) from None


def readings(document: Any, most: int) -> tuple[list[Any], bool]:
    """Give the readings of a request, and whether it was a batch; raise RequestError."""
    if not isinstance(document, dict):
        raise RequestError(400, "invalid_request", 'the body must be a reading or {"readings": [...]}')
    try:
        documents = batch.documents(document)
    except ReadingError as invalid:
        details = [{"field": invalid.field, "reason": invalid.reason}]
        raise RequestError(400, "invalid_request", invalid.reason, details) from None
    if documents is None:
        return [document], False
    if not documents:
        raise RequestError(400, "invalid_request", "readings must be a list of at least one reading")
    if len(documents) > most:
        raise RequestError(413, "too_many_readings", f"a request takes {most} readings at most")
    return documents, True


def _body(event: Event, limit: int) -> str | bytes:
    body = event.get("body")
    if not body or not isinstance(body, str):
        raise RequestError(400, "no_body", "the request has no body")
    if len(body) > limit * 4 // 3 + 4:
        raise _too_large(limit)
    if not event.get("isBase64Encoded"):
        content: str | bytes = body
        size = len(body.encode(errors="replace"))
    else:
        try:
            content = base64.b64decode(body, validate=True)
        except (binascii.Error, ValueError):
            raise RequestError(400, "invalid_body", "the body is not base64") from None
        size = len(content)
    if size > limit:
        raise _too_large(limit)
    return content


def _too_large(limit: int) -> RequestError:
    return RequestError(413, "body_too_large", f"a body takes {limit} bytes at most")


def _error(status: int, code: str, message: str, details: Sequence[Mapping[str, str]]) -> Response:
    response = _response(status, {"error": {"code": code, "message": message, "details": list(details)}})
    if status in (429, 503):
        response["headers"]["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _response(status: int, body: Mapping[str, Any]) -> Response:
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json", "Cache-Control": "no-store"},
        "body": exact_json.dumps(body),
        "isBase64Encoded": False,
    }
