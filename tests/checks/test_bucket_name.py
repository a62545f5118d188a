"""What `cases/bucket_name` can't say: it is the environment's suffix that ends a bucket's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Compile


def test_a_suffix_that_s3_reserves(compile_spec: Compile) -> None:
    compiled = compile_spec(
        "version: 1\npipeline: p\nbuckets: {readings: {name: 'readings-{suffix}'}}\n", suffix="s3alias"
    )
    assert compiled.said == (
        "spec.yaml:3:11: IOT312 `readings-s3alias` ends with `-s3alias`, which S3 reserves\n"
        "    Choose another name, or another suffix.\n"
    )
