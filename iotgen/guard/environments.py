"""The environments that exist, and the one of them that a new suffix probably misspells."""

import re
from collections.abc import Iterable
from typing import Any

from iotgen.model.pipeline import State
from iotgen.spec.nearest import nearest


def likely_environment(suffix: str, known: Iterable[str]) -> str | None:
    """The known environment that `suffix` probably misspells."""
    names = list(dict.fromkeys(known))
    if suffix in names:
        return None
    # `eu1` and `eu2` are different environments, not a misspelling.
    return nearest(suffix, [name for name in names if _digits(name) == _digits(suffix)])


def with_state(s3: Any, state: State, suffix: str) -> tuple[str, ...]:
    """The environments that have a state beside that of `suffix`; none if the bucket cannot be listed."""
    from botocore.exceptions import BotoCoreError, ClientError  # most callers only compare names

    *folders, name = _up_to(suffix, state.key)
    beside = "".join(f"{folder}/" for folder in folders)
    try:
        page = s3.list_objects_v2(Bucket=state.bucket, Prefix=beside, Delimiter="/")
    except (BotoCoreError, ClientError):
        return ()
    names = [found["Prefix"] for found in page.get("CommonPrefixes", ())]
    names += [found["Key"] for found in page.get("Contents", ())]
    form = re.compile("(.+)".join(map(re.escape, name.split(suffix, 1))))
    found = (form.fullmatch(name.removeprefix(beside).rstrip("/")) for name in names)
    return tuple(match[1] for match in found if match)


def _up_to(suffix: str, key: str) -> list[str]:
    """The parts of a path up to the first one that has the suffix in it."""
    parts = key.split("/")
    index = next((index for index, part in enumerate(parts) if suffix in part), len(parts) - 1)
    return parts[: index + 1]


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
