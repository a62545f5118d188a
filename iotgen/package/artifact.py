"""What packaging makes: a zip, and what Terraform and Lambda's limits need to know of it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Artifact:
    """A zip in its place.

    `sha256` is the zip's digest in base64, which is what Terraform's `source_code_hash` takes; `size` is the
    zip's own size and `unzipped` that of its files, both in bytes.
    """

    path: Path
    sha256: str
    size: int
    unzipped: int

    @property
    def name(self) -> str:
        """The zip's file name."""
        return self.path.name
