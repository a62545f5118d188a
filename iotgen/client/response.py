"""Responses of the API."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Response:
    """A response: `body` is its JSON, None if it is not JSON; header names are in lower case."""

    status: int
    body: object
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)
