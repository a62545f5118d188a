"""How many objects a bucket holds."""

from datetime import datetime

from iotgen.model.change import Attributes
from iotgen.model.contents import Amount, Clients, counted, size


def bucket_contents(clients: Clients, bucket: Attributes, _now: datetime) -> Amount:
    """The objects and earlier versions in one listing of a thousand.

    A bucket without versioning lists each object as its only version, see
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
    """
    page = clients("s3").list_object_versions(Bucket=bucket["bucket"], MaxKeys=1000)
    versions = page.get("Versions", [])
    objects = sum(bool(version["IsLatest"]) for version in versions)
    earlier = len(versions) - objects
    more = page.get("IsTruncated", False)
    parts = [counted(objects, "object")] if objects or not earlier else []
    parts += [counted(earlier, "earlier version")] if earlier else []
    sized = size(sum(version["Size"] for version in versions)) if versions else ""
    words = ("more than " if more else "") + " and ".join(parts) + (f", {sized}" if sized else "")
    return Amount(words, empty=not versions and not more)
