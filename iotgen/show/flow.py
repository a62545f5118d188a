"""Values on one line, as YAML's flow style has them."""

import json
from typing import Any


def flow(value: Any) -> str:
    """A value on one line, to be read by people: texts are not quoted."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return value if isinstance(value, str) else json.dumps(value)
