"""Lambda's limits on the size of code, which cannot be raised.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, "Function configuration, deployment,
and execution", where MB means 1024 KB.
"""

from collections.abc import Iterable

from iotgen.package.artifact import Artifact

ZIPPED_LIMIT = 50 * 1024 * 1024
"""The most bytes of a function's or layer's zip in a direct upload, as Terraform's `filename` makes it."""

UNZIPPED_LIMIT = 250 * 1024 * 1024
"""The most bytes of the files of a function and its layers: 262,144,000, as in AWS's own message."""


def zip_problems(name: str, zipped: int) -> tuple[str, ...]:
    """A message if a function's or layer's zip of `zipped` bytes is too large for an upload."""
    if zipped <= ZIPPED_LIMIT:
        return ()
    return (
        f"{name} has {zipped:,} bytes zipped, but Lambda allows {ZIPPED_LIMIT:,} (50 MB) in an upload: "
        "remove unneeded files, or split it",
    )


def unzipped_problems(name: str, unzipped: int, layers: Iterable[tuple[str, int]] = ()) -> tuple[str, ...]:
    """A message if a function and its layers, each a name and unzipped bytes, are too large together."""
    parts = [("its own code", unzipped), *layers]
    total = sum(size for _, size in parts)
    if total <= UNZIPPED_LIMIT:
        return ()
    shares = ", ".join(f"{part} {size:,}" for part, size in parts)
    return (
        f"{name} and its layers have {total:,} bytes unzipped ({shares}), but "
        f"Lambda allows {UNZIPPED_LIMIT:,} (250 MB): remove unneeded files or packages",
    )


def size_problems(
    name: str, function: Artifact, layers: Iterable[tuple[str, Artifact]] = ()
) -> tuple[str, ...]:
    """Messages for a function's zip, and for it with its layers; `zip_problems` checks a layer's zip."""
    return (
        *zip_problems(name, function.size),
        *unzipped_problems(name, function.unzipped, [(layer, zipped.unzipped) for layer, zipped in layers]),
    )


def megabytes(size: int) -> str:
    """A size in bytes as text: 15.3 MB, of 1024 KB each, as Lambda counts."""
    return f"{size / 1024 / 1024:.1f} MB"
