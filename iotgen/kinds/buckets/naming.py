"""What buckets are called: all of AWS shares one namespace, so account and region keep names apart.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
"""

from iotgen.model.arn import ACCOUNT
from iotgen.model.context import Context
from iotgen.model.expression import Joined, joined

SECTION = "buckets"
ADDRESS = "aws_s3_bucket"
_NAME = "{key}-{suffix}-{account}-{region}"


def name(context: Context, key: str) -> str:
    """A bucket's name, with `{account}` where the account's id will be."""
    own = _NAME.replace("{key}", context.keys(SECTION, key)[0])
    written = context.data[SECTION][key].get("name", own)
    return context.filled(str(written))


def full_name(context: Context, key: str) -> Joined:
    """A bucket's name, with the account's id filled in."""
    first, *rest = name(context, key).split("{account}")
    filled = joined(first)
    for part in rest:
        filled = joined(filled, ACCOUNT, part)
    return filled
