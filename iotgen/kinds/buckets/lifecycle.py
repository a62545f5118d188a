"""What becomes of a bucket's objects with time: cheaper classes of storage, and their end."""

from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.problem import Path

# The class of storage of each setting, in the order in which objects can move.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
CLASSES = {
    "infrequent_days": "STANDARD_IA",
    "intelligent_days": "INTELLIGENT_TIERING",
    "instant_archive_days": "GLACIER_IR",
    "archive_days": "GLACIER",
    "deep_archive_days": "DEEP_ARCHIVE",
}

Rule = Mapping[str, Any]


def lifecycle_rules(settings: Mapping[str, Any]) -> tuple[Rule, ...]:
    """The rules of S3, in Terraform's words, beside that for when all objects end."""
    return tuple(_rules(settings))


def lifecycle_steps(settings: Mapping[str, Any], path: Path) -> tuple[tuple[Path, Mapping[str, int]], ...]:
    """The days of the bucket and of each prefix, by setting, in the order of the classes; the end is last."""
    parts = (
        (path, settings),
        *(((*path, "lifecycle", i), one) for i, one in enumerate(settings.get("lifecycle", ()))),
    )
    names = (*CLASSES, "expire_days")
    return tuple((place, {name: one[name] for name in names if name in one}) for place, one in parts)


def _rules(settings: Mapping[str, Any]) -> Iterator[Rule]:
    if moves := _transitions(settings):
        yield {"id": "archive", "status": "Enabled", "filter": {"prefix": ""}, "transition": moves}
    for one in settings.get("lifecycle", ()):
        own = {"id": one["prefix"], "status": "Enabled", "filter": {"prefix": one["prefix"]}}
        moves = _transitions(one)
        end = {"days": one["expire_days"]} if "expire_days" in one else None
        yield own | {"transition": moves or None, "expiration": end}


def _transitions(settings: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [
        {"days": settings[name], "storage_class": one} for name, one in CLASSES.items() if name in settings
    ]
