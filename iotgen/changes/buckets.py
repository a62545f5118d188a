"""A bucket's name."""

from collections.abc import Iterator

from iotgen.changes.found import LOSES, Attributes, Found, kept_name
from iotgen.kinds.buckets import Bucket


def bucket_changes(bucket: Bucket, deployed: Attributes, suffix: str) -> Iterator[Found]:
    """Another name, which makes another bucket."""
    if deployed and not bucket.may_be(deployed["bucket"]):
        yield (
            (*bucket.path, "name"),
            LOSES,
            f"the bucket `{bucket.key}` is deployed as `{deployed['bucket']}`: "
            f"as `{bucket.name}` it would be a new, empty bucket",
            f"Keep {kept_name(deployed['bucket'], suffix)}, or add a bucket under another key, "
            "copy the objects, and remove this one later.",
        )
