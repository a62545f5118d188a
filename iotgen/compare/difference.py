"""Differences as data: of settings, of permissions and of files, by the resource that has them."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, Final


class Source(StrEnum):
    """Where a setting comes from: this resource, `defaults`, an overlay, the schema, or other settings."""

    SPEC = "spec"
    DEFAULTS = "defaults"
    OVERLAY = "overlay"
    DEFAULT = "default"
    DERIVED = "derived"


class Absent(Enum):
    """The value of a setting that a side does not have."""

    ABSENT = "not set"


ABSENT: Final = Absent.ABSENT


@dataclass(frozen=True)
class Origin:
    """Where a value of one side comes from; `line` is 0 for what no file states."""

    source: Source
    file: str = ""
    line: int = 0


@dataclass(frozen=True)
class Change:
    """A setting that differs; `users` are the resources that inherit it from `defaults`, empty otherwise.

    An origin is None on the side that does not have the setting.
    """

    setting: str
    old: Any
    new: Any
    before: Origin | None
    after: Origin | None
    users: tuple[str, ...] = ()


@dataclass(frozen=True)
class Permission:
    """What a function may do on one side only, in words, with the IAM actions behind them."""

    words: str
    actions: tuple[str, ...]
    origin: Origin


class How(StrEnum):
    """How a resource or a file differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class FileChange:
    """A file, or a package of the requirements, that differs; old and new are versions where it has any."""

    name: str
    how: How
    old: str = ""
    new: str = ""


@dataclass(frozen=True)
class Difference:
    """All that differs of one resource; of a section without resources, `key` is empty.

    `title` is its heading: `table readings`. `code` are files of a function's zip, `packages` those of a
    layer, `files` others that the spec names.
    """

    section: str
    key: str
    title: str
    how: How
    before: Origin | None = None
    after: Origin | None = None
    settings: tuple[Change, ...] = ()
    gains: tuple[Permission, ...] = ()
    loses: tuple[Permission, ...] = ()
    code: tuple[FileChange, ...] = ()
    packages: tuple[FileChange, ...] = ()
    files: tuple[FileChange, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        inner = (self.settings, self.gains, self.loses, self.code, self.packages, self.files)
        return self.how is How.CHANGED and not any(inner)
