"""Buckets that S3 encrypts with its own key, whatever `encryption` says."""

from collections.abc import Mapping
from typing import Any


def keyless(data: Mapping[str, Any], section: str, key: str) -> bool:
    """Whether S3 writes access logs to it, or anyone reads from it: neither can use a KMS key.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
    """
    if section != "buckets":
        return False
    logging = (bucket.get("access_logs", {}).get("bucket") for bucket in data[section].values())
    return "public" in data[section][key] or key in logging
