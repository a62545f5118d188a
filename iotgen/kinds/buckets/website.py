"""The website of a bucket: its pages at an address of their own.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.kinds.buckets.naming import SECTION, full_name
from iotgen.model.context import Context
from iotgen.model.expression import Joined, joined
from iotgen.spec.schema import schema

# The regions whose address has a dash before the region; all others have a dot.
# https://docs.aws.amazon.com/general/latest/gr/s3.html#s3_website_region_endpoints
_DASHED = frozenset(
    {"ap-northeast-1", "ap-southeast-1", "ap-southeast-2", "eu-west-1", "sa-east-1", "us-east-1"}
    | {"us-gov-west-1", "us-west-1", "us-west-2"}
)
_INDEX = schema()["$defs"]["bucketWebsite"]["properties"]["index"]["default"]


@dataclass(frozen=True)
class Website:
    """The keys of the page that each folder has, and of the one for what is not there, None for S3's own."""

    index: str
    error: str | None
    url: Joined


def website(context: Context, key: str) -> Website | None:
    """The website of a bucket, None if it has none."""
    written = context.data[SECTION][key].get("website")
    if not written:
        return None
    settings: Mapping[str, Any] = written if isinstance(written, Mapping) else {"index": _INDEX}
    return Website(settings["index"], settings.get("error"), website_url(context, key))


def website_url(context: Context, key: str) -> Joined:
    """Where a bucket's website is, which has no HTTPS.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html
    """
    region = context.region
    sign, china = "-" if region in _DASHED else ".", ".cn" if region.startswith("cn-") else ""
    return joined("http://", full_name(context, key), f".s3-website{sign}{region}.amazonaws.com{china}")
