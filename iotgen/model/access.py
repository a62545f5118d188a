"""From declared access to least privilege: the statements of a role, and the variables that name things."""

from collections.abc import Iterator, Mapping
from typing import Any

from iotgen.model.arn import PARTITION, arn, bucket_arn
from iotgen.model.context import Context, label
from iotgen.model.expression import Expression, Joined, Reference, joined
from iotgen.model.names import bucket_name, parameter_name, with_account
from iotgen.model.pipeline import Grant, Parameter, Path, Queue, Statement

_TABLE_ACTIONS = {
    "read": ("dynamodb:GetItem", "dynamodb:Query"),
    "write": ("dynamodb:BatchWriteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"),
    "get": ("dynamodb:GetItem",),
    "query": ("dynamodb:Query",),
    "put": ("dynamodb:PutItem",),
    "update": ("dynamodb:UpdateItem",),
    "batch_write": ("dynamodb:BatchWriteItem",),
}
_PARAMETER_ACTIONS = {
    "get": ("ssm:GetParameter",),
    "read": ("ssm:GetParameter", "ssm:GetParameters"),
}

_ADDRESSES = {
    "tables": "aws_dynamodb_table",
    "queues": "aws_sqs_queue",
    "topics": "aws_sns_topic",
    "parameters": "aws_ssm_parameter",
    "buckets": "aws_s3_bucket",
}


def resolve_access(context: Context, access: Mapping[str, Any], path: Path) -> tuple[Grant, ...]:
    """Each grant whose resource exists."""
    return tuple(
        Grant(section, key, verb, f"{_ADDRESSES[section]}.{label(key)}", _arn(context, section, key, verb))
        for section, grants in access.items()
        for key, written in grants.items()
        if context.has(section, key, (*path, section, key))
        for verb in ("-".join(sorted(written)) if isinstance(written, list) else written,)
    )


def _arn(context: Context, section: str, key: str, verb: Any) -> Joined:
    """The ARN of what a grant is for."""
    name = context.name(key)
    match section:
        case "tables":
            return arn("dynamodb", context.region, "table/", name)
        case "queues":
            return arn("sqs", context.region, context.name(f"{key}-dlq") if verb == "reject" else name)
        case "topics":
            return arn("sns", context.region, name)
        case "parameters":
            return arn("ssm", context.region, "parameter/", parameter_name(context, key).removeprefix("/"))
        case _:
            return bucket_arn(with_account(bucket_name(context, key)))


def access_statements(
    context: Context, grants: tuple[Grant, ...], parameters: tuple[Parameter, ...], key: Reference | None
) -> tuple[Statement, ...]:
    """The statements that the grants come to, in their order; `key` is the pipeline's own, if it has one."""
    secure = {parameter.key for parameter in parameters if parameter.secure}
    statements: list[Statement] = []
    for grant in grants:
        match grant.section:
            case "tables":
                statements.append(_table_statement(grant))
            case "queues":
                sid = _sid(grant.verb, "queue", grant.key)
                statements.append(Statement(sid, ("sqs:SendMessage",), (grant.arn,)))
            case "topics":
                sid = _sid("publish", "topic", grant.key)
                statements.append(Statement(sid, ("sns:Publish",), (grant.arn,)))
            case "parameters":
                statements.append(_parameter_statement(grant))
                if grant.key in secure:
                    statements.append(_decrypt_statement(context, grant, key))
            case "buckets":
                statements += _bucket_statements(grant)
    return tuple(statements)


def access_variables(grants: tuple[Grant, ...]) -> dict[str, Expression]:
    """The environment variables by which the handler finds what it has access to."""
    variables: dict[str, Expression] = {}
    for grant in grants:
        name = label(grant.key).upper()
        match grant.section:
            case "tables":
                variables[f"TABLE_{name}"] = Reference(f"{grant.address}.name")
            case "queues" if grant.verb == "reject":
                variables[f"DEAD_LETTER_QUEUE_{name}"] = Reference(f"{grant.address}_dlq.url")
            case "queues":
                variables[f"QUEUE_{name}"] = Reference(f"{grant.address}.url")
            case "topics":
                variables[f"TOPIC_{name}"] = grant.arn
            case "parameters":
                variables[f"PARAMETER_{name}"] = Reference(f"{grant.address}.name")
            case "buckets":
                variables[f"BUCKET_{name}"] = Reference(f"{grant.address}.bucket")
    return variables


def consume_statement(region: str, queue: Queue) -> Statement:
    """What Lambda's poller does in the function's name."""
    actions = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")
    return Statement(_sid("consume", "queue", queue.key), actions, (arn("sqs", region, queue.name),))


def _table_statement(grant: Grant) -> Statement:
    actions = sorted(action for part in grant.verb.split("-") for action in _TABLE_ACTIONS[part])
    return Statement(_sid(grant.verb, "table", grant.key), tuple(actions), (grant.arn,))


def _parameter_statement(grant: Grant) -> Statement:
    sid = _sid(grant.verb, "parameter", grant.key)
    return Statement(sid, _PARAMETER_ACTIONS[grant.verb], (grant.arn,))


def _decrypt_statement(context: Context, grant: Grant, key: Reference | None) -> Statement:
    # The parameter may be encrypted with a key of another account: what decrypts it is decided there.
    keys = key or joined("arn:", PARTITION, f":kms:{context.region}:*:key/*")
    through = ("StringEquals", "kms:ViaService", (f"ssm.{context.region}.amazonaws.com",))
    only = ("StringEquals", "kms:EncryptionContext:PARAMETER_ARN", (grant.arn,))
    return Statement(_sid("decrypt", "parameter", grant.key), ("kms:Decrypt",), (keys,), (through, only))


def _bucket_statements(grant: Grant) -> Iterator[Statement]:
    actions = {"read": ("s3:GetObject", "s3:GetObjectVersion"), "write": ("s3:PutObject",)}
    for verb, prefix in grant.verb.items():
        objects = joined(grant.arn, f"/{prefix}*")
        yield Statement(_sid(verb, "bucket", grant.key), actions[verb], (objects,))
        if verb == "read":
            # Without it S3 answers 403 instead of 404 for an object that is gone, see
            # https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html. In that decision `s3:prefix`
            # is the object's key: https://github.com/kopia/kopia/pull/3072, https://github.com/ceph/ceph/pull/68577
            under = ("StringLike", "s3:prefix", (f"{prefix}*",))
            yield Statement(_sid("list", "bucket", grant.key), ("s3:ListBucket",), (grant.arn,), (under,))


def _sid(verb: str, noun: str, key: str) -> str:
    """A statement's id: with the noun, since a table and a bucket may have one key."""
    return "".join(word.capitalize() for word in f"{verb}-{noun}-{key}".replace("_", "-").split("-"))
