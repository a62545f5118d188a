"""The AWS provider's settings of the types that the templates use.

`scripts/provider-attributes` writes the data file, from the oldest and the newest provider that a rendered
folder allows. A setting's flags are `!` required by either, `5` or `6` only in that major version, `l` a
list, `m` a map, `o` objects that are not checked; a block is a mapping of its settings, with its own flags
at "".
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

DATA_FILE = Path(__file__).with_name("provider.json")
REGISTRY = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs"

Node = Mapping[str, Any]


def settings(block: str, name: str) -> Node | None:
    """The settings of the type `name` of a `resource`, `data` or `provider` block; None if unknown."""
    node: Node | None = _data().get(block, {}).get(name)
    return node


def versions() -> tuple[str, str]:
    """The oldest and the newest provider version in the data."""
    oldest, newest = _data()["versions"]
    return oldest, newest


def page(block: str, name: str) -> str:
    """The URL of the type's documentation."""
    folder = {"resource": "resources/", "data": "data-sources/", "provider": ""}[block]
    return f"{REGISTRY}/{folder}{name.removeprefix('aws_') if folder else ''}".rstrip("/")


def flags(setting: str | Node) -> str:
    """The flags of an attribute or of a block."""
    letters: str = setting if isinstance(setting, str) else setting[""]
    return letters


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(DATA_FILE.read_text(encoding="utf-8"))
    return data
