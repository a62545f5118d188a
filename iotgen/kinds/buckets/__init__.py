"""Buckets: objects in S3."""

from collections.abc import Iterator
from typing import Any

from iotgen.kinds.accepting import accepted, users_drawing
from iotgen.kinds.buckets.access_logs import access_logs, logs_drawing, taken_logs
from iotgen.kinds.buckets.bucket import Bucket
from iotgen.kinds.buckets.changes import bucket_changes
from iotgen.kinds.buckets.contents import bucket_contents
from iotgen.kinds.buckets.cors import cors_rule
from iotgen.kinds.buckets.lifecycle import lifecycle_rules, lifecycle_steps
from iotgen.kinds.buckets.metrics import metrics_charge, request_metrics
from iotgen.kinds.buckets.naming import ADDRESS, SECTION, full_name, name
from iotgen.kinds.buckets.preflight import bucket_preflight
from iotgen.kinds.buckets.sharing import ACTIONS, keeps_all, public_drawing, public_prefix, sharing
from iotgen.kinds.buckets.website import website, website_url
from iotgen.model.access import Access, Grant, Variable, Verb
from iotgen.model.arn import bucket_arn
from iotgen.model.contents import Refusal
from iotgen.model.context import Context
from iotgen.model.cost import Amounts, Charge, Costs, Scope, Use, Work
from iotgen.model.derived import Derived
from iotgen.model.drawing import Edge, Node, Style
from iotgen.model.expression import Joined, joined
from iotgen.model.kind import Kind, Name, Resolving
from iotgen.model.live import Live
from iotgen.model.log_group import no_logs
from iotgen.model.outside import Events, Form, Outside, never_read
from iotgen.model.pipeline import Pipeline
from iotgen.model.policy import Statement, statement_id
from iotgen.model.rendering import Digests, Output, Rendering, output_of
from iotgen.triggers.eventbridge import tells_eventbridge
from iotgen.triggers.notices import notices

__all__ = ["BUCKETS", "Bucket"]


# Only Terraform knows the account; every account id has the length of this one.
_AN_ACCOUNT = "123456789012"


def _resolve(context: Resolving) -> tuple[Bucket, ...]:
    return tuple(
        Bucket(
            **context.renamable(key, path) | {"name": name(context, key)},
            full_name=full_name(context, key),
            expire_days=settings.get("expire_days"),
            versioned=settings["versioned"],
            version_days=settings["version_days"],
            kms_key=context.kms_key(SECTION, key),
            lifecycle=lifecycle_rules(settings),
            cors=cors_rule(settings.get("cors")),
            access_logs=access_logs(context, key),
            metrics=request_metrics(key, settings),
            undeletable=settings["undeletable"],
            public=public_prefix(settings),
            website=website(context, key),
            accepted=accepted(context, SECTION, key, {}),
            statements=(*taken_logs(context, key), *sharing(context, key)),
            steps=lifecycle_steps(settings, path),
        )
        for key, settings, path in context.entries(SECTION)
    )


def _names(bucket: Bucket) -> Iterator[Name]:
    text = bucket.name.replace("{account}", _AN_ACCOUNT)
    yield Name(what="a bucket", text=text, space="bucket", least=3, most=63, compared=bucket.name)


def _render(buckets: tuple[Bucket, ...], _digests: Digests) -> Iterator[Rendering]:
    for bucket in buckets:
        yield Rendering(SECTION, bucket.path, "bucket", {"bucket": bucket}, moved=bucket.moved)
        for metrics in bucket.metrics:
            holes = {"bucket": bucket.label, "metrics": metrics}
            yield Rendering(SECTION, bucket.path, "bucket_metric", holes)


def _outputs(buckets: tuple[Bucket, ...]) -> tuple[Output, ...]:
    labels = {bucket.key: bucket.label for bucket in buckets}
    names = output_of("bucket_names", "The buckets' names", labels, f"{ADDRESS}.bucket")
    urls = {bucket.key: bucket.website.url for bucket in buckets if bucket.website}
    return (*names, Output("website_urls", "The addresses of the buckets' websites", urls)) if urls else names


def _live_name(at: Live, bucket: Bucket) -> str:
    return at.text(bucket.full_name)


def _derived(bucket: Bucket) -> Iterator[Derived]:
    yield Derived((*bucket.path, "name"), bucket.name, "its key and the environment")


_STYLE = Style(
    name="bucket",
    hue=172,
    icon="M4 5a8 2.5 0 0 1 16 0a8 2.5 0 0 1-16 0l2 14a6 2 0 0 0 12 0l2-14",
    shape=("[(", ")]"),
)


def _drawing(buckets: tuple[Bucket, ...], _pipeline: Pipeline) -> Iterator[Node | Edge]:
    for bucket in buckets:
        kept = f" · kept {bucket.expire_days} days" if bucket.expire_days else ""
        site = " · website" if bucket.website else ""
        yield Node(id=bucket.path, noun="bucket", title=bucket.key, note=f"S3{site}{kept}", style=_STYLE)
        yield from logs_drawing(bucket.path, bucket.access_logs)
        yield from users_drawing(bucket.path, bucket.accepted)
        yield from public_drawing(bucket.path, bucket.public)


def _arn(context: Context, key: str, _verb: Any) -> Joined:
    return context.arn(SECTION, key)


def _own_arn(context: Context, key: str) -> Joined:
    if context.existing_name(SECTION, key):
        return bucket_arn(context.name_of(SECTION, key))
    return bucket_arn(full_name(context, key))


def _there(live: Live, bucket: Outside) -> None:
    live.client("s3").head_bucket(Bucket=bucket.name)


def _is_heard(context: Context, key: str) -> bool:
    """Whether a pattern is on events of a bucket that exists already, and that the spec does not set up."""
    own = notices(context, key) or any(
        trigger.get("bucket") == key for function in context.functions() for trigger in function["triggers"]
    )
    return not own and tells_eventbridge(context, key)


def _sends(live: Live, bucket: Outside) -> bool:
    """Whether a bucket sends its events to EventBridge.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html
    """
    answer = live.client("s3").get_bucket_notification_configuration(Bucket=bucket.name)
    return "EventBridgeConfiguration" in answer


def _statements(_context: Context, grant: Grant) -> Iterator[Statement]:
    for verb, prefix in grant.verb.items():
        if verb != "list":
            objects = joined(grant.arn, f"/{prefix}*")
            sid = statement_id(verb, "bucket", grant.key)
            yield Statement(sid, grant.access.verbs[verb].actions, (objects,))
        if verb == "read" or (verb == "list" and "read" not in grant.verb):
            yield _listing(grant)


def _listing(grant: Grant) -> Statement:
    """Permission to list what may be listed, and what may be read.

    Otherwise S3 answers 403 instead of 404 for a missing object, see
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html. In that decision `s3:prefix` is the
    object's key: https://github.com/kopia/kopia/pull/3072, https://github.com/ceph/ceph/pull/68577
    """
    prefixes = dict.fromkeys(grant.verb[verb] for verb in ("read", "list") if verb in grant.verb)
    under = ("StringLike", "s3:prefix", tuple(f"{prefix}*" for prefix in prefixes))
    sid = statement_id("list", "bucket", grant.key)
    # A listing of the whole bucket has no prefix.
    return Statement(sid, ("s3:ListBucket",), (grant.arn,), () if "" in prefixes else (under,))


def _charges(bucket: Bucket, uses: tuple[Use, ...], scope: Scope) -> Iterator[Charge]:
    """Requests, and the objects that are stored: once they expire, a version of each for some time yet."""
    expire = bucket.expire_days
    months = scope.kept(expire + bucket.version_days if expire and bucket.versioned else expire)
    for use in uses:
        yield Charge("s3.puts", use.get("puts"), use.path)
        yield Charge("s3.gets", use.get("gets"), use.path)
        yield Charge("s3.storage", use.get("bytes") * months / 1e9, use.path, kept=True)
    yield from metrics_charge(bucket.key, bucket.metrics)


def _read(work: Work) -> Amounts:
    return {"gets": work.calls}


def _written(work: Work) -> Amounts:
    return {"puts": work.calls, "bytes": work.calls * work.bytes}


def _listed(work: Work) -> Amounts:
    return {"puts": work.calls}  # billed as such: https://aws.amazon.com/s3/pricing/


def _deleted(_work: Work) -> Amounts:
    return {}


BUCKETS = Kind(
    section=SECTION,
    noun="bucket",
    type=Bucket,
    address=ADDRESS,
    referred=True,
    used_in="the `access` or the `triggers` of a function",
    resolve=_resolve,
    names=_names,
    render=_render,
    outputs=_outputs,
    alarms=None,
    logs=no_logs,
    status=None,
    traces=None,
    changes=bucket_changes,
    contents=bucket_contents,
    refuses=Refusal("undeletable", "aws_s3_bucket_policy", keeps_all),
    preflight=bucket_preflight,
    in_spec=None,
    waits={"aws_s3_bucket_lifecycle_configuration": "the provider waits until S3 has the rules everywhere"},
    renamable=True,
    access=Access(
        service="s3",
        operations={
            "delete_object": "s3:DeleteObject",
            "delete_objects": "s3:DeleteObject",
            "download_file": "s3:GetObject",
            "download_fileobj": "s3:GetObject",
            "get_object": "s3:GetObject",
            "get_object_tagging": "s3:GetObjectTagging",
            "head_bucket": "s3:ListBucket",
            "head_object": "s3:GetObject",
            "list_buckets": "s3:ListAllMyBuckets",
            "list_objects": "s3:ListBucket",
            "list_objects_v2": "s3:ListBucket",
            "put_object": "s3:PutObject",
            "put_object_acl": "s3:PutObjectAcl",
            "put_object_tagging": "s3:PutObjectTagging",
            "upload_file": "s3:PutObject",
            "upload_fileobj": "s3:PutObject",
        },
        objects={"Bucket": frozenset({"put_object", "upload_file", "upload_fileobj", "download_file"})},
        address=ADDRESS,
        noun="bucket",
        variable=Variable(prefix="BUCKET_", attribute="bucket", live=_live_name),
        phrase="{verbs} the bucket `{key}`",
        verbs={
            "read": Verb(
                actions=ACTIONS["read"],
                method="get_object",
                methods=frozenset(
                    {"get_object", "head_object", "download_file", "download_fileobj", "copy", "copy_object"}
                    | {"generate_presigned_url", "select_object_content", "upload_part_copy"}
                ),
                reads=True,
            ),
            "delete": Verb(
                actions=ACTIONS["delete"],
                method="delete_object",
                methods=frozenset({"delete_object", "delete_objects", "delete"}),
                reads=False,
                phrase="delete objects of the bucket `{key}`",
            ),
            "list": Verb(
                actions=ACTIONS["list"],
                method="list_objects_v2",
                methods=frozenset({"list_objects_v2", "list_objects", "head_bucket", "objects", "filter"}),
                reads=True,
            ),
            "write": Verb(
                actions=ACTIONS["write"],
                method="put_object",
                methods=frozenset(
                    {"put_object", "upload_file", "upload_fileobj", "copy", "copy_object"}
                    | {"create_multipart_upload", "generate_presigned_url", "generate_presigned_post"}
                ),
                reads=False,
            ),
        },
        scoped=True,
        examples=({"read": "PREFIX/"},),
        through="s3",
        arn=_arn,
        statements=_statements,
    ),
    existing=Form(
        address=ADDRESS,
        service="s3",
        within="",
        own=_own_arn,
        read=never_read,
        there=_there,
        events=Events(heard=_is_heard, sends=_sends),
        style=_STYLE,
        full=full_name,
        url=website_url,
    ),
    derived=_derived,
    drawing=_drawing,
    costs=Costs(
        charges=_charges,
        calls={"read": _read, "write": _written, "list": _listed, "delete": _deleted},
        per_reading={},
        apart=False,
        levers=(),
    ),
)
