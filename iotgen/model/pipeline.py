"""The pipeline as it will be on AWS. Times are in seconds unless a name says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass

from iotgen.model.expression import Joined, Reference
from iotgen.model.resource import Resources
from iotgen.problem import Path

# The oldest AWS provider that is allowed.
_OLDEST = (5, 100)

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
    """All resources, and the settings of the whole pipeline.

    `encryption_key` is the ARN of the pipeline's own KMS key, None with AWS's keys. `permissions_boundary`
    and `role_path` are those of all roles. `referred` has the
    resources that something in the spec refers to. `unsettled` has the sections and resources that a broken
    reference or an invalid setting affects, or may stand for: rules skip them, since the cause is already
    reported.
    """

    name: str
    suffix: str
    region: str
    tags: Mapping[str, str]
    state: State | None
    encryption_key: Reference | None
    permissions_boundary: str | Joined | None = None
    role_path: str | None = None
    referred: frozenset[Named] = frozenset()
    unsettled: frozenset[Path] = frozenset()

    @property
    def provider(self) -> str:
        """The versions of the AWS provider that can make all resources."""
        needed = (one.least_provider for resources in self.by_type.values() for one in resources)
        major, minor = max(filter(None, needed), default=_OLDEST)
        return f">= {major}.{minor}, < 7"

    def settled(self, path: Path) -> bool:
        """Whether no reported problem affects the resource or setting at `path`."""
        return not any(path[:length] in self.unsettled for length in range(1, len(path) + 1))
