"""AWS's answers without AWS: to the HTTP requests of real clients, and to calls in place of clients.

Only CPU is measured with them, so every call succeeds, with an answer of the form and size of a real one.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

Answer = Mapping[str, Any]

_LAST_MODIFIED = datetime(2023, 11, 14, 22, 15, tzinfo=UTC)
_SENT = {"Id": "0", "MessageId": "5fea7756-0ea4-451a-a703-a558b933e274", "MD5OfMessageBody": "0" * 32}


class Answers:
    """What AWS answers: the configuration, a page of items in DynamoDB's JSON, and objects by their key.

    It stands in place of a client of each service: the methods that handlers call are here.
    """

    def __init__(self, config: str, page: Sequence[Answer], objects: Mapping[str, bytes]) -> None:
        self._objects = objects
        self._parsed: dict[str, Answer] = {
            "GetParameter": {"Parameter": {"Name": "config", "Type": "String", "Value": config}},
            "BatchWriteItem": {"UnprocessedItems": {}},
            "SendMessageBatch": {"Successful": [_SENT]},
            "Query": {"Items": page, "Count": len(page), "ScannedCount": len(page)},
        }
        self._texts = {operation: json.dumps(answer).encode() for operation, answer in self._parsed.items()}

    def to_http(self, client: Any) -> Any:
        """Answer the HTTP requests of a real client; give the client."""
        client.meta.events.register_first("before-send", self._respond)
        return client

    def get_parameter(self, **_: Any) -> Answer:
        return self._parsed["GetParameter"]

    def batch_write_item(self, **_: Any) -> Answer:
        return self._parsed["BatchWriteItem"]

    def send_message_batch(self, **_: Any) -> Answer:
        return self._parsed["SendMessageBatch"]

    def query(self, **_: Any) -> Answer:
        return self._parsed["Query"]

    def get_object(self, Key: str, **_: Any) -> Answer:  # noqa: N803
        content = self._objects[Key]
        return {"Body": io.BytesIO(content), "ContentLength": len(content), "LastModified": _LAST_MODIFIED}

    def _respond(self, request: Any, event_name: str, **_: Any) -> AWSResponse:
        operation = event_name.rpartition(".")[2]
        headers = HTTPHeaders()
        if operation != "GetObject":
            return AWSResponse(request.url, 200, headers, _Raw(self._texts[operation]))
        content = self._objects[request.url.partition(".com/")[2].partition("?")[0]]
        headers["Content-Length"] = str(len(content))
        headers["Last-Modified"] = _LAST_MODIFIED.strftime("%a, %d %b %Y %H:%M:%S GMT")
        return AWSResponse(request.url, 200, headers, _Raw(content))


class _Raw(io.BytesIO):
    """A body as urllib3 gives it."""

    def stream(self) -> Iterator[bytes]:
        yield self.read()
