"""A variable or an output is the URL of a bucket without a website."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.buckets import Bucket
from iotgen.kinds.buckets.naming import SECTION
from iotgen.kinds.exports import Export
from iotgen.kinds.functions import Attributed, Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each of them, once."""
    websites = {bucket.key for bucket in pipeline.all(Bucket) if bucket.website}
    for path, key in dict(_asked(pipeline)).items():
        if key not in websites:
            message = f"the bucket `{key}` has no `website`, and so no URL"
            hint = (
                "Write `website: true` and `public: read` there; of one that exists already, write the URL."
            )
            yield Finding((*path[:-1], "attribute"), message, hint)


def _asked(pipeline: Pipeline) -> Iterator[tuple[Path, str]]:
    """Where the spec asks for the URL of a bucket, and the bucket's key."""
    for function in pipeline.all(Function):
        for one in function.variables(Attributed):
            if one.section == SECTION and one.attribute == "url":
                yield one.path, one.key
    for export in pipeline.all(Export):
        if export.word == "bucket" and export.attribute == "url":
            yield (*export.path, export.word), export.of


RULE = Rule(
    code="IOT407",
    summary="A variable or an output is the URL of a bucket without a website.",
    why=(
        "A bucket has an address for browsers only where S3 serves it as a website. The address of any other "
        "answers 404 with NoSuchWebsiteConfiguration."
    ),
    fix="Write `website` for the bucket, or ask for its name.",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/EnableWebsiteHosting.html",
    check=check,
)
