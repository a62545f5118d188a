"""Differences as data for JSON."""

from typing import Any

from iotgen.compare.difference import ABSENT, Change, Difference, FileChange, Origin, Permission


def as_data(difference: Difference) -> dict[str, Any]:
    """A difference; a setting that a side does not have is null, and `before` or `after` is null too."""
    return {
        "section": difference.section,
        "key": difference.key,
        "change": str(difference.how),
        "before": _origin(difference.before),
        "after": _origin(difference.after),
        "settings": [_change(change) for change in difference.settings],
        "gains": [_permission(permission) for permission in difference.gains],
        "loses": [_permission(permission) for permission in difference.loses],
        "code": [_file(change) for change in difference.code],
        "requirements": [_file(change) for change in difference.packages],
        "files": [_file(change) for change in difference.files],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "setting": change.setting,
        "old": None if change.old is ABSENT else change.old,
        "new": None if change.new is ABSENT else change.new,
        "before": _origin(change.before),
        "after": _origin(change.after),
        "users": list(change.users),
    }


def _permission(permission: Permission) -> dict[str, Any]:
    return {
        "words": permission.words,
        "actions": list(permission.actions),
        "at": _origin(permission.origin),
    }


def _file(change: FileChange) -> dict[str, Any]:
    versions = {"old": change.old, "new": change.new} if change.old or change.new else {}
    return {"name": change.name, "change": str(change.how), **versions}


def _origin(origin: Origin | None) -> dict[str, Any] | None:
    if origin is None:
        return None
    return {"from": str(origin.source), "file": origin.file or None, "line": origin.line or None}
