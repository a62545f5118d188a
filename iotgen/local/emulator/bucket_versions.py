"""ListObjectVersions returns URL-encoded keys if the request asks for that.

The provider uses such a list to empty a bucket: it would decode the `+` of an unencoded key, and try forever
to delete another object.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import unescape

from iotgen.local.emulator.protocol import Answer, Operation


def mend_versions(s3: Any) -> None:
    """Make this MiniStack module encode the keys in a list of versions if the request asks for that."""
    list_versions: Operation = s3._list_object_versions

    def list_object_versions(bucket: str, query: Mapping[str, Any]) -> Answer:
        status, headers, body = list_versions(bucket, query)
        encoding = query.get("encoding-type")
        if status == 200 and "url" in (encoding if isinstance(encoding, list) else [encoding]):
            body = encode_keys(body.decode()).encode()
        return status, headers, body

    s3._list_object_versions = list_object_versions


def encode_keys(listing: str) -> str:
    """Return the XML of a ListObjectVersions response with its keys and prefixes URL-encoded."""

    def encoded(match: re.Match[str]) -> str:
        return match["open"] + quote(unescape(match["text"]), safe="/") + match["close"]

    names = "Key|Prefix|Delimiter|KeyMarker|NextKeyMarker"
    marked = listing.replace("<MaxKeys>", "<EncodingType>url</EncodingType><MaxKeys>", 1)
    return re.sub(f"(?P<open><({names})>)(?P<text>[^<]*)(?P<close></)", encoded, marked)
