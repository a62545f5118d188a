"""A function's code: a folder, a zip that is built already, or an image."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Image:
    """A container image, and what replaces its own command, entrypoint and working directory."""

    uri: str
    command: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    workdir: str | None = None


def resolve_image(setting: str | Mapping[str, Any] | None) -> Image | None:
    """The image of a function, if any."""
    if setting is None or isinstance(setting, str):
        return Image(setting) if setting else None
    return Image(
        setting["uri"],
        tuple(setting.get("command", ())),
        tuple(setting.get("entrypoint", ())),
        setting.get("workdir"),
    )
