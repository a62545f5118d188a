"""Anyone may read the objects of a bucket."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.buckets import Bucket
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each bucket with public objects."""
    for bucket in pipeline.all(Bucket):
        if bucket.public is None:
            continue
        what, hint = (
            f"all objects of `{bucket.key}`",
            "Write `public: {read: PREFIX/}` for some of them only.",
        )
        if bucket.website:
            hint = "Keep nothing else in this bucket than the pages of its website."
        if bucket.public:
            what = f"the objects of `{bucket.key}` under `{bucket.public}`"
            hint = "Remove `public`, and have a function sign URLs for those who may read."
        yield Finding((*bucket.path, "public"), f"anyone on the internet may read {what}", hint)


RULE = Rule(
    code="IOT428",
    severity=Severity.WARNING,
    summary="Anyone may read the objects of a bucket.",
    why=(
        "Who knows or guesses the key of a public object may read it, without a trace of who it was but in "
        "access logs, and you pay for what is transferred. What a function or a device writes below the "
        "prefix later is public, too. AWS refuses the policy where the account blocks public access."
    ),
    fix="Limit `public` to a prefix, or remove it and hand out URLs that a function signs.",
    ignore="The objects are meant for everyone.",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    check=check,
)
