"""What the AWS provider knows: the settings of the types that the templates make.

The data file is made by `scripts/provider-attributes`, from the oldest and the newest provider that a
rendered folder takes. A setting's flags are `!` required by either, `5` or `6` known to that major version
only, `l` a list, `m` a map, `o` objects that are not looked into; a block is a mapping of its settings, with
its own flags at "".
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
    """The settings of the type `name` of a `resource`, `data` or `provider` block; None when not kept."""
    found: Node | None = _data().get(block, {}).get(name)
    return found


def versions() -> tuple[str, str]:
    """The oldest and the newest provider that the data is of."""
    oldest, newest = _data()["versions"]
    return oldest, newest


def page(block: str, name: str) -> str:
    """The address of the type's documentation."""
    folder = {"resource": "resources/", "data": "data-sources/", "provider": ""}[block]
    return f"{REGISTRY}/{folder}{name.removeprefix('aws_') if folder else ''}".rstrip("/")


def flags(setting: str | Node) -> str:
    """The flags of an attribute or of a block."""
    found: str = setting if isinstance(setting, str) else setting[""]
    return found


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(DATA_FILE.read_text(encoding="utf-8"))
    return data
