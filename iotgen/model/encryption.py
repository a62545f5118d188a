"""The key of a pipeline that encrypts with one of its own, and what a function may do with it."""

from iotgen.model.context import Context
from iotgen.model.expression import Reference
from iotgen.model.pipeline import Grant, Statement

# What encrypts in the name of the function that uses it. Parameters have a statement of their own.
_SERVICES = {"tables": "dynamodb", "queues": "sqs", "topics": "sns", "buckets": "s3"}


def encryption_key(context: Context) -> Reference | None:
    """The ARN of the pipeline's own key, None when AWS's keys do."""
    own = context.data["encryption"]["customer_managed_key"]
    return Reference("aws_kms_key.pipeline.arn") if own else None


def key_statement(context: Context, key: Reference, grants: tuple[Grant, ...]) -> Statement:
    """Leave to use the key through the services that hold what the function works with, and not by itself.

    Every function sends its failed events to a queue, and has its environment decrypted, in its own name.
    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    """
    used = {"lambda", "sqs"} | {_SERVICES[grant.section] for grant in grants if grant.section in _SERVICES}
    through = tuple(f"{service}.{context.region}.amazonaws.com" for service in sorted(used))
    actions = ("kms:Decrypt", "kms:GenerateDataKey")
    return Statement("UseKey", actions, (key,), (("StringEquals", "kms:ViaService", through),))
