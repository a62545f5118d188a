"""Parameters and log groups are found by their tags. MiniStack does not list them there."""

from collections.abc import Iterator
from typing import Any

# An ARN, and its tags as names and values.
Tagged = tuple[str, list[dict[str, str]]]


def mend_tags(tagging: Any, logs: Any) -> None:
    """Make this MiniStack module's GetResources list parameters and log groups too."""

    def log_groups() -> Iterator[Tagged]:
        for group in logs._log_groups.values():
            yield group["arn"].removesuffix(":*"), tagging._normalise_flat(group["tags"])

    tagging._COLLECTORS["ssm"] = tagging._collect_ssm
    tagging._COLLECTORS["logs"] = log_groups
