"""The response to a rejected call, in the form that the caller's SDK parses."""

import json
from collections.abc import Mapping
from xml.sax.saxutils import escape

from iotgen.local.emulator.protocol import Answer
from iotgen.local.emulator.signature import RefusedError

_XML = {"Content-Type": "text/xml"}


def answer_to(refused: RefusedError, headers: Mapping[str, str], service: str = "") -> Answer:
    """Return a 403: XML for S3 and for form-encoded calls, otherwise JSON; `service` is the signature's."""
    code, message = escape(refused.code), escape(refused.message)
    error = f"<Code>{code}</Code><Message>{message}</Message>"
    if service == "s3":
        return 403, dict(_XML), f"<Error>{error}</Error>".encode()
    if headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        inner = f"<Error><Type>Sender</Type>{error}</Error>"
        return 403, dict(_XML), f"<ErrorResponse>{inner}</ErrorResponse>".encode()
    body = {"__type": refused.code, "message": refused.message}
    return (
        403,
        {"Content-Type": "application/json", "x-amzn-ErrorType": refused.code},
        json.dumps(body).encode(),
    )
