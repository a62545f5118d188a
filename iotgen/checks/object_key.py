"""The objects of a rule overwrite each other."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.iot_sql import expressions
from iotgen.kinds.rules import Rule as TopicRule
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity

# What is the same for all messages, and what for those of one device or topic.
_SAME = frozenset({"accountid", "sql_version"})
_SENDER = frozenset({"topic", "clientid", "principal", "sourceip"})


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each key of objects that is the same for many messages."""
    for rule in pipeline.all(TopicRule):
        for target in rule.every_target:
            if target.section != "buckets":
                continue
            key = target.templates[("key",)]
            names = frozenset[str]().union(*(query.names for query in expressions(key)))
            if names - _SAME - _SENDER:
                continue
            whose = "each message of a topic or device" if names & _SENDER else "each message"
            message = f"{whose} overwrites the one before: `{key}` is the same for all of them"
            hint = (
                f"End the key in what differs, such as `{key.rstrip('/')}/${{timestamp()}}-${{newuuid()}}`."
            )
            yield Finding((*target.path, "key"), message, hint)


RULE = Rule(
    code="IOT486",
    severity=Severity.WARNING,
    summary="The objects that a rule writes overwrite each other.",
    why=(
        "Each message becomes an object. S3 replaces an object by another with the same key, so that only "
        "the last message is left, without an error."
    ),
    fix="Let the key hold what differs, such as `${timestamp()}` and `${newuuid()}`.",
    ignore="Only the latest message of each device is wanted.",
    source="https://docs.aws.amazon.com/iot/latest/developerguide/s3-rule-action.html",
    check=check,
)
