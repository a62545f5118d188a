"""Keys come back URL-encoded from a list of versions when that was asked for.

The provider empties a bucket by such a list: it would decode the `+` of a key that isn't encoded, and try for
ever to delete another object.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import unescape

from iotgen.local.emulator.protocol import Answer, Operation


def mend_versions(s3: Any) -> None:
    """Make this MiniStack module encode the keys of a list of versions when that is asked for."""
    list_versions: Operation = s3._list_object_versions

    def list_object_versions(bucket: str, query: Mapping[str, Any]) -> Answer:
        status, headers, body = list_versions(bucket, query)
        asked = query.get("encoding-type")
        if status == 200 and "url" in (asked if isinstance(asked, list) else [asked]):
            body = encode_keys(body.decode()).encode()
        return status, headers, body

    s3._list_object_versions = list_object_versions


def encode_keys(listing: str) -> str:
    """Return the XML of a ListObjectVersions answer with its keys and prefixes URL-encoded."""

    def encoded(found: re.Match[str]) -> str:
        return found["open"] + quote(unescape(found["text"]), safe="/") + found["close"]

    names = "Key|Prefix|Delimiter|KeyMarker|NextKeyMarker"
    marked = listing.replace("<MaxKeys>", "<EncodingType>url</EncodingType><MaxKeys>", 1)
    return re.sub(f"(?P<open><({names})>)(?P<text>[^<]*)(?P<close></)", encoded, marked)
