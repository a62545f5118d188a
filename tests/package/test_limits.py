from pathlib import Path

from iotgen.package.artifact import Artifact
from iotgen.package.limits import UNZIPPED_LIMIT, ZIPPED_LIMIT, megabytes, size_problems, zip_problems


def artifact(size: int, unzipped: int) -> Artifact:
    return Artifact(Path("a.zip"), "", size, unzipped)


def test_the_limits_are_those_that_aws_names() -> None:
    assert (ZIPPED_LIMIT, UNZIPPED_LIMIT) == (52_428_800, 262_144_000)


def test_at_the_limit_is_fine() -> None:
    layers = [("libraries", artifact(1, UNZIPPED_LIMIT - 1))]
    assert size_problems("ingest", artifact(ZIPPED_LIMIT, 1), layers) == ()


def test_one_byte_over_in_the_zip() -> None:
    assert zip_problems("ingest", ZIPPED_LIMIT + 1) == (
        "ingest has 52,428,801 bytes zipped, but Lambda allows 52,428,800 (50 MB) in an upload: "
        "remove unneeded files, or split it",
    )


def test_one_byte_over_with_its_layers() -> None:
    layers = [("libraries", artifact(1, 200_000_000)), ("more", artifact(1, 62_000_000))]
    assert size_problems("ingest", artifact(1, 144_001), layers) == (
        "ingest and its layers have 262,144,001 bytes unzipped (its own code 144,001, libraries 200,000,000, "
        "more 62,000,000), but Lambda allows 262,144,000 (250 MB): remove unneeded files or packages",
    )


def test_megabytes() -> None:
    assert megabytes(18_145_778) == "17.3 MB"
