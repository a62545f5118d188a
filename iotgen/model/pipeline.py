"""The pipeline as it will be on AWS. Times are in seconds unless a name says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass

from iotgen.model.expression import Reference
from iotgen.model.resource import Resources
from iotgen.problem import Path

# A resource: its section of the spec and its key.
Named = tuple[str, str]


@dataclass(frozen=True)
class State:
    """An S3 object that holds Terraform's state."""

    bucket: str
    key: str
    region: str


@dataclass(frozen=True, kw_only=True)
class Pipeline(Resources):
    """Everything.

    `encryption_key` is the ARN of the KMS key that the pipeline makes for itself, None with AWS's own keys.
    `referred` has what something in the spec refers to. `unsettled` has the sections and resources that
    other problems leave open: where a reference leads nowhere or a setting is not sound, and what that may
    have meant. What a rule would find of these follows from what is told already.
    """

    name: str
    suffix: str
    region: str
    tags: Mapping[str, str]
    state: State | None
    encryption_key: Reference | None
    referred: frozenset[Named] = frozenset()
    unsettled: frozenset[Path] = frozenset()

    def settled(self, path: Path) -> bool:
        """Whether the resource or setting at `path` is as the spec means it, by all that is known."""
        return not any(path[:length] in self.unsettled for length in range(1, len(path) + 1))
