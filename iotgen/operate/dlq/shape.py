"""The shape of a message: its JSON with types for values, and an id by which to name it."""

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from iotgen.spec.strict_json import read_json

_WORD = re.compile(r"\w+", re.ASCII)
_ID_LENGTH = 6


@dataclass(frozen=True, order=True)
class Shape:
    """A structure as text, such as `{device_id: string, readings: [{id: number}]}`."""

    text: str

    @property
    def id(self) -> str:
        """A short name for it, which depends on nothing else."""
        return sha256(self.text.encode(errors="surrogatepass")).hexdigest()[:_ID_LENGTH]


def shape_of(body: str) -> Shape:
    """The shape of a message's body."""
    try:
        return Shape(_structure(read_json(body)))
    except ValueError:
        return Shape("not JSON" if body.strip() else "nothing")


def _structure(value: Any) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{_key(key)}: {_structure(value[key])}" for key in sorted(value)) + "}"
        case list():
            return "[" + " | ".join(sorted({_structure(item) for item in value})) + "]"
        case bool():
            return "boolean"
        case str():
            return "string"
        case None:
            return "null"
    return "number"


def _key(key: str) -> str:
    return key if _WORD.fullmatch(key) else json.dumps(key)
