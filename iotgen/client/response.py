"""What the API answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Response:
    """What the API answered: `body` is the JSON, or None where it is none; header names are lower case."""

    status: int
    body: object
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)
