"""The keys by which API Gateway verifies the tokens of user pools. MiniStack asks itself for them by HTTP.

The gate lets no such call in: it has no signature. So they are looked up in the process itself.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

_ENDING = "/.well-known/jwks.json"

Fetch = Callable[[str], Awaitable[dict[str, Any]]]


def mend_token_keys(apigateway: Any, cognito: Any) -> None:
    """Make this module of MiniStack's REST APIs find the keys of the user pools of the other module."""
    fetch: Fetch = apigateway._fetch_jwks

    async def fetch_jwks(url: str) -> dict[str, Any]:
        pool = urlsplit(url).path.removesuffix(_ENDING).lstrip("/")
        if any(key[-1] == pool for key, _ in cognito._user_pools.all_items()):
            _, _, body = cognito.well_known_jwks(pool)
            keys: dict[str, Any] = json.loads(body)
            return keys
        return await fetch(url)

    apigateway._fetch_jwks = fetch_jwks
