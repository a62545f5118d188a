"""The result of packaging: a zip, with the digest and sizes for Terraform and Lambda's limits."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Artifact:
    """A zip on disk.

    `sha256` is its digest in base64, as in Terraform's `source_code_hash`; `size` is the size of the zip and
    `unzipped` that of its files, both in bytes.
    """

    path: Path
    sha256: str
    size: int
    unzipped: int

    @property
    def name(self) -> str:
        """The zip's file name."""
        return self.path.name
