"""Changes of deployed buckets that lose objects, or the access to them."""

from collections.abc import Iterator

from iotgen.kinds.buckets.bucket import Bucket
from iotgen.kinds.buckets.naming import ADDRESS
from iotgen.model.change import Attributes, Deployed, kept_name, loses, stays
from iotgen.model.expression import Reference
from iotgen.model.pipeline import Pipeline
from iotgen.problem import Finding

_ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration"
_PIPELINES_KEY = "aws_kms_key.pipeline"


def bucket_changes(buckets: tuple[Bucket, ...], pipeline: Pipeline, deployed: Deployed) -> Iterator[Finding]:
    """A new name, with which Terraform would create another bucket, and a new key."""
    for bucket in buckets:
        there = deployed.get(f"{ADDRESS}.{bucket.label}")
        if there and not bucket.may_be(there["bucket"]):
            yield loses(
                (*bucket.path, "name"),
                f"the bucket `{bucket.key}` is deployed as `{there['bucket']}`: "
                f"named `{bucket.name}`, it would be a new, empty bucket",
                f"Keep {kept_name(there['bucket'], pipeline.suffix)}, or add a bucket under another key, "
                "copy the objects, and remove this one later.",
            )
        elif there:
            yield from _of_key(bucket, str(there["bucket"]), pipeline, deployed)


def _of_key(bucket: Bucket, name: str, pipeline: Pipeline, deployed: Deployed) -> Iterator[Finding]:
    """Objects keep the key that they were written with, and roles may use the bucket's key of today.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/specifying-kms-encryption.html
    """
    before, key = _deployed_key(deployed.get(f"{_ENCRYPTION}.{bucket.label}", {})), _arn(bucket, deployed)
    own = deployed.get(_PIPELINES_KEY, {}).get("arn")
    # That the pipeline's own key goes is reported for all that it has encrypted.
    if not before or before == key or (before == own and pipeline.encryption_key is None):
        return
    sse = f"aws:kms --sse-kms-key-id {key or 'KEY'}" if bucket.kms_key else "AES256"
    yield stays(
        (*bucket.path, "kms_key"),
        f"the objects of the bucket `{bucket.key}` stay encrypted with `{before}`: S3 has the new key for "
        "new objects only, and functions may no longer use the old one",
        f"Re-encrypt them {'before' if key or not bucket.kms_key else 'after'} the apply: "
        f"aws s3 cp s3://{name} s3://{name} --recursive --sse {sse}",
    )


def _deployed_key(encryption: Attributes) -> str:
    """The ARN of the key that a bucket's objects are encrypted with now; empty for S3's own keys."""
    for rule in encryption.get("rule") or ():
        for default in rule.get("apply_server_side_encryption_by_default") or ():
            return str(default.get("kms_master_key_id") or "")
    return ""


def _arn(bucket: Bucket, deployed: Deployed) -> str:
    """The ARN of the key of the spec; empty if it is not known before the apply, or there is none."""
    if isinstance(bucket.kms_key, Reference):
        address, _, attribute = bucket.kms_key.address.rpartition(".")
        return str(deployed.get(address, {}).get(attribute, ""))
    return bucket.kms_key if isinstance(bucket.kms_key, str) else ""
