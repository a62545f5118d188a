"""A project's own template."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Template:
    """A template's text, and its file as a user finds it."""

    file: str
    text: str
