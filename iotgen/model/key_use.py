"""What a role may do with KMS keys, through the services that it works with."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from iotgen.model.context import Context
from iotgen.model.expression import Expression
from iotgen.model.policy import Statement, statement_id


@dataclass(frozen=True)
class KeyUse:
    """A resource that a role uses through a `service`, of which KMS is asked in the role's name.

    `name` is the key of the spec that encrypts it, None for the pipeline's own. `reads` is whether the role
    only reads.
    """

    name: str | None
    arn: str | Expression
    service: str
    reads: bool


def key_use(
    context: Context, section: str, key: str, service: str | None, *, reads: bool
) -> Iterator[KeyUse]:
    """The use of a resource's key, if it has one."""
    arn = context.kms_key(section, key) if service else None
    if service and arn is not None:
        yield KeyUse(context.data[section][key].get("kms_key"), arn, service, reads)


def own_use(context: Context, *services: str) -> Iterator[KeyUse]:
    """The use of the pipeline's own key, if it has one."""
    if key := context.encryption_key:
        yield from (KeyUse(None, key, service, reads=False) for service in services)


def key_statements(context: Context, uses: Iterable[KeyUse]) -> Iterator[Statement]:
    """Permission to use each key through the services that the role works with, but not directly.

    Writing needs both actions: SQS and SNS verify a new data key, S3 reads the parts of an upload.
    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    """
    by_key: dict[str | None, list[KeyUse]] = {}
    for use in uses:
        by_key.setdefault(use.name, []).append(use)
    for name, some in sorted(by_key.items(), key=lambda item: item[0] or ""):
        every, writing = _services(some), _services(use for use in some if not use.reads or not name)
        sid, arn = statement_id("use", "key", name or ""), some[0].arn
        if writing == every:
            yield _statement(context, sid, arn, ("kms:Decrypt", "kms:GenerateDataKey"), every)
            continue
        yield _statement(context, sid, arn, ("kms:Decrypt",), every)
        if writing:
            yield _statement(
                context, statement_id("write-by", "key", str(name)), arn, ("kms:GenerateDataKey",), writing
            )


def _services(uses: Iterable[KeyUse]) -> tuple[str, ...]:
    return tuple(sorted({use.service for use in uses}))


def _statement(
    context: Context, sid: str, arn: str | Expression, actions: tuple[str, ...], services: tuple[str, ...]
) -> Statement:
    through = tuple(f"{service}.{context.region}.amazonaws.com" for service in services)
    return Statement(sid, actions, (arn,), (("StringEquals", "kms:ViaService", through),))
