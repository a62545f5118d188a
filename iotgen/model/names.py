"""The names on AWS that are more than `<key>-<suffix>`."""

import re

from iotgen.model.arn import ACCOUNT
from iotgen.model.context import Context
from iotgen.model.expression import Joined, joined

# The names of buckets are shared by all of AWS: account and region keep them apart.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
BUCKET_NAME = "{key}-{suffix}-{account}-{region}"
# Only Terraform knows the account; names are as long as with this one.
AN_ACCOUNT = "123456789012"


def bucket_name(context: Context, key: str) -> str:
    """A bucket's name, with `{account}` where the account's id will be."""
    written = context.data["buckets"][key].get("name", BUCKET_NAME.replace("{key}", key))
    return str(written).replace("{suffix}", context.suffix).replace("{region}", context.region)


def with_account(name: str) -> Joined:
    """A name with the account's id in its place."""
    first, *rest = name.split("{account}")
    filled = joined(first)
    for part in rest:
        filled = joined(filled, ACCOUNT, part)
    return filled


def is_name(name: str, actual: str) -> bool:
    """Whether a name on AWS can be `name` in some account."""
    pattern = r"\d{12}".join(re.escape(part) for part in name.split("{account}"))
    return re.fullmatch(pattern, actual) is not None


def parameter_name(context: Context, key: str) -> str:
    """A parameter's name."""
    written = context.data["parameters"][key].get("name", f"{key}-{{suffix}}")
    return str(written).replace("{suffix}", context.suffix)
