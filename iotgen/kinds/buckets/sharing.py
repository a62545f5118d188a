"""Who else may use a bucket, by its policy: those that the spec lists, and anyone.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from iotgen.kinds.accepting import Accepted, accepted
from iotgen.kinds.buckets.naming import SECTION
from iotgen.model.change import Attributes
from iotgen.model.context import Context
from iotgen.model.drawing import Edge, Node, Relation, Style
from iotgen.model.expression import Expression, joined
from iotgen.model.policy import Statement
from iotgen.problem import Path

# The IAM actions of each verb: on objects, but for `list`.
ACTIONS: Mapping[str, tuple[str, ...]] = {
    "read": ("s3:GetObject", "s3:GetObjectVersion"),
    "write": ("s3:PutObject",),
    "delete": ("s3:DeleteObject",),
    "list": ("s3:ListBucket",),
}
_LISTING = ("read", "list")
_ANYONE = ("AWS", "*")
# What nobody may do with an `undeletable` bucket. The last keeps this very statement.
_KEPT = "KeepAll"
_DELETING = ("s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:DeleteObject", "s3:DeleteObjectVersion")


def scopes(written: Any) -> Mapping[str, str]:
    """The prefix of each verb that is written, empty for the whole bucket."""
    if isinstance(written, Mapping):
        return written
    return dict.fromkeys([written] if isinstance(written, str) else written, "")


def public_prefix(settings: Mapping[str, Any]) -> str | None:
    """What the keys begin with of the objects that anyone may read, None if there are none."""
    written = settings.get("public")
    return None if written is None else scopes(written)["read"]


def sharing(context: Context, key: str) -> Iterator[Statement]:
    """The statements of a bucket's policy for those that are not of the spec."""
    settings, bucket = context.data[SECTION][key], context.arn(SECTION, key)
    prefix = public_prefix(settings)
    if prefix is not None:
        yield Statement(
            "ReadByAnyone", ("s3:GetObject",), (joined(bucket, f"/{prefix}*"),), principal=_ANYONE
        )
    for one, written in zip(accepted(context, SECTION, key, {}), settings["accept"], strict=True):
        yield from _uses(bucket, one, scopes(written["access"]))
    if settings["undeletable"]:
        resources = (bucket, joined(bucket, "/*"))
        yield Statement(_KEPT, _DELETING, resources, deny=True, principal=_ANYONE)


def keeps_all(policy: Attributes) -> bool:
    """Whether the policy of a deployed bucket lets nobody delete it."""
    try:
        statements = json.loads(policy.get("policy") or "{}").get("Statement", [])
    except ValueError:
        return False
    return any(one.get("Sid") == _KEPT for one in statements)


def _uses(bucket: Expression, user: Accepted, verbs: Mapping[str, str]) -> Iterator[Statement]:
    """What a user may do; who may read may list the same, so that a missing object is a 404 and no 403."""
    for verb, prefix in verbs.items():
        if verb != "list":
            objects = (joined(bucket, f"/{prefix}*"),)
            yield _statement(user, verb, Statement("", ACTIONS[verb], objects))
    if user.kind == "Service" and "write" in verbs:
        # CloudTrail, Config and others that write logs look first whether they may.
        # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
        yield _statement(user, "acl", Statement("", ("s3:GetBucketAcl",), (bucket,)))
    if prefixes := dict.fromkeys(verbs[verb] for verb in _LISTING if verb in verbs):
        under = ("StringLike", "s3:prefix", tuple(f"{prefix}*" for prefix in prefixes))
        conditions = () if "" in prefixes else (under,)
        yield _statement(user, "list", Statement("", ACTIONS["list"], (bucket,), conditions))


def _statement(user: Accepted, verb: str, statement: Statement) -> Statement:
    sources = (("ArnLike", "aws:SourceArn", user.sources),) if user.sources else ()
    owner = (("StringEquals", "aws:SourceAccount", (user.owner,)),) if user.owner else ()
    return replace(
        statement,
        sid=f"{user.sid}{verb.capitalize()}",
        conditions=(*statement.conditions, *sources, *owner),
        principal=(user.kind, user.principal),
    )


_INTERNET = Style(
    name="internet",
    hue=None,
    icon="M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M3 12h18M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18",
    shape=("([", "])"),
)


def public_drawing(path: Path, prefix: str | None) -> Iterator[Node | Edge]:
    """Anyone, who reads objects."""
    if prefix is not None:
        anyone = (*path, "public")
        yield Node(id=anyone, noun="reader", title="anyone", note="on the internet", style=_INTERNET)
        text = f"read {prefix}".strip()
        yield Edge(tail=anyone, head=path, text=text, accent=path, relation=Relation.NOTICE)
