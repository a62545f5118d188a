"""What an account must let buckets do: have their names, and be public where the spec wants that."""

from collections.abc import Iterator, Sequence

from iotgen.kinds.buckets.bucket import Bucket
from iotgen.model.preflight import Account, Check, Level

# The settings of an account that keep a policy from making a bucket public.
_BLOCKING = ("BlockPublicPolicy", "RestrictPublicBuckets")


def bucket_preflight(buckets: Sequence[Bucket], account: Account) -> Iterator[Check]:
    """The names of buckets that are taken, and those that the account does not let be public."""
    for bucket in buckets:
        yield from _taken(bucket, account)
    public = [bucket for bucket in buckets if bucket.public is not None]
    if public and _blocks(account):
        for bucket in public:
            message = f"`{bucket.key}` is public, but the account blocks public access to all of its buckets"
            hint = "Remove `public`, or open the account: `aws s3control put-public-access-block`."
            path = (*bucket.path, "public")
            yield Check(level=Level.ERROR, about="public access", message=message, hint=hint, path=path)


def _taken(bucket: Bucket, account: Account) -> Iterator[Check]:
    """Whether a name is taken, in this account or another: they are unique in all of AWS.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
    """
    client, name = account.client("s3"), account.text(bucket.full_name)
    try:
        client.head_bucket(Bucket=name)
    except client.exceptions.ClientError as error:
        if error.response["Error"]["Code"] == "404":
            return
    yield from account.taken("the bucket", name, bucket.path, f"arn:{account.live.partition}:s3:::{name}")


def _blocks(account: Account) -> bool:
    """Whether the account's own settings, which go before those of a bucket, forbid a public policy.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    client = account.client("s3control")
    try:
        answer = client.get_public_access_block(AccountId=account.live.account)
    except client.exceptions.ClientError:
        return False  # it has none, or does not say
    settings = answer["PublicAccessBlockConfiguration"]
    return any(settings.get(name, False) for name in _BLOCKING)
