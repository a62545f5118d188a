"""Lambda's limits on the size of code: they can't be raised.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, "Function configuration, deployment,
and execution", where MB means 1024 KB.
"""

from collections.abc import Iterable

from iotgen.package.artifact import Artifact

ZIPPED_LIMIT = 50 * 1024 * 1024
"""Bytes of a zip that is uploaded directly, as Terraform does with `filename`; a function's or a layer's."""

UNZIPPED_LIMIT = 250 * 1024 * 1024
"""Bytes of a function's files and those of its layers together: 262,144,000, as in AWS's own message."""


def zip_problems(name: str, zipped: int) -> tuple[str, ...]:
    """Say whether a zip of so many bytes, a function's or a layer's, is too big to be uploaded."""
    if zipped <= ZIPPED_LIMIT:
        return ()
    return (
        f"{name} has {zipped:,} bytes zipped; Lambda takes {ZIPPED_LIMIT:,} (50 MB) at most in an upload: "
        "leave out what is not needed, or split it",
    )


def unzipped_problems(name: str, unzipped: int, layers: Iterable[tuple[str, int]] = ()) -> tuple[str, ...]:
    """Say whether a function and its layers, (name, bytes unzipped) each, are too big together."""
    parts = [("its own code", unzipped), *layers]
    total = sum(size for _, size in parts)
    if total <= UNZIPPED_LIMIT:
        return ()
    shares = ", ".join(f"{part} {size:,}" for part, size in parts)
    return (
        f"{name} and its layers have {total:,} bytes unzipped ({shares}); "
        f"Lambda takes {UNZIPPED_LIMIT:,} (250 MB) at most: leave out what is not needed",
    )


def size_problems(
    name: str, function: Artifact, layers: Iterable[tuple[str, Artifact]] = ()
) -> tuple[str, ...]:
    """Check a function's zip, and it together with its layers (whose own zips `zip_problems` checks)."""
    return (
        *zip_problems(name, function.size),
        *unzipped_problems(name, function.unzipped, [(layer, made.unzipped) for layer, made in layers]),
    )


def megabytes(size: int) -> str:
    """Write bytes as people read them: 15.3 MB, of 1024 KB each as Lambda counts."""
    return f"{size / 1024 / 1024:.1f} MB"
