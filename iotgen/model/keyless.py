"""Buckets that S3 encrypts with its own key, whatever `encryption` says."""

from collections.abc import Mapping
from typing import Any


def keyless(data: Mapping[str, Any], section: str, key: str) -> bool:
    """Whether it takes access logs, which S3 cannot write with a KMS key.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
    """
    return section == "buckets" and any(
        bucket.get("access_logs", {}).get("bucket") == key for bucket in data[section].values()
    )
