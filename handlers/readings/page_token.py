"""Where the next page begins: opaque to clients, and good only for the selection that it was made for.

It holds a sort key and a digest over it and the selection. The digest finds tokens that were changed, mixed
up or cut. It holds no secret and needs none: a token can only say where to go on among the items of the very
device and range that its bearer asks for anyway. A key that DynamoDB would refuse there is refused here.
"""

import base64
import binascii
import hmac
from hashlib import sha256

from readings.http import RequestError
from readings.selection import Selection

_DIGEST_BYTES = 12
_MOST_KEY_BYTES = 1024  # of a sort key in DynamoDB


def make(selection: Selection, sort_key: str) -> str:
    """Make the token for the page after the item with this sort key."""
    content = _digest(selection, sort_key) + sort_key.encode()
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def read(selection: Selection) -> str | None:
    """Give the sort key after which the page begins, None for the first page; raise RequestError."""
    if not selection.token:
        return None
    try:
        content = base64.b64decode(_padded(selection.token), altchars=b"-_", validate=True)
        sort_key = content[_DIGEST_BYTES:].decode()
    except (binascii.Error, ValueError):
        raise _invalid() from None
    if not hmac.compare_digest(content[:_DIGEST_BYTES], _digest(selection, sort_key)):
        raise _invalid()
    if len(content) > _DIGEST_BYTES + _MOST_KEY_BYTES or not selection.low <= sort_key <= selection.high:
        raise _invalid()
    return sort_key


def _digest(selection: Selection, sort_key: str) -> bytes:
    what = (selection.device_id, str(selection.raw), selection.low, selection.high, sort_key)
    return sha256("\0".join(what).encode()).digest()[:_DIGEST_BYTES]


def _padded(token: str) -> bytes:
    return token.encode() + b"=" * (-len(token) % 4)


def _invalid() -> RequestError:
    reason = "next does not belong to this query; start again without it"
    return RequestError(400, "invalid_token", reason, [{"field": "next", "reason": reason}])
