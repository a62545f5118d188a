"""Rules from their settings: query, targets, and the permissions of the role."""

from collections.abc import Iterator
from typing import Any

from iotgen.iot_sql import parse
from iotgen.kinds.rules.rule import SECTION, KeepingRule, Rule, Target
from iotgen.kinds.rules.targets import Settings, dead_letter_target, resolve_target
from iotgen.model.arn import arn
from iotgen.model.context import label
from iotgen.model.dead_letters import dead_letters
from iotgen.model.expression import Reference
from iotgen.model.kind import Resolving
from iotgen.model.policy import Statement
from iotgen.problem import Path


def resolve_rules(context: Resolving) -> tuple[Rule, ...]:
    """The rules of the section."""
    return tuple(_rule(context, key, settings, path) for key, settings, path in context.entries(SECTION))


def _rule(context: Resolving, key: str, settings: Settings, path: Path) -> Rule:
    found = (
        resolve_target(context, target, (*path, "to", index)) for index, target in enumerate(settings["to"])
    )
    return make_rule(
        context,
        {"key": key, "label": label(key), "path": path, "sql": settings["sql"], "sql_path": (*path, "sql")},
        tuple(target for target in found if target),
        resolve_target(context, settings["on_error"], (*path, "on_error"))
        if "on_error" in settings
        else None,
    )


def make_rule(
    context: Resolving, own: dict[str, Any], targets: tuple[Target, ...], on_error: Target | None
) -> Rule:
    """A rule, which keeps what fails in a dead-letter queue if it has no other place for it."""
    key = own["key"]
    # AWS takes letters, digits and underscores only.
    # https://docs.aws.amazon.com/iot/latest/apireference/API_CreateTopicRule.html
    common = {
        **own,
        "name": context.name(key).replace("-", "_"),
        "query": parse(own["sql"]),
        "targets": targets,
    }
    if on_error:
        return Rule(**common, on_error=on_error, statements=_statements(context, (*targets, on_error)))
    kept = dead_letters(context.name(f"{key}-rule-dlq"), f"{key}-rule-dlq")
    url = Reference(f"aws_sqs_queue.{kept['dead_letter_label']}.url")
    queue = arn("sqs", context.region, kept["dead_letter_name"])
    own_queue = dead_letter_target(url, queue, key, own["path"])
    return KeepingRule(
        **common, **kept, on_error=own_queue, statements=_statements(context, (*targets, own_queue))
    )


def _statements(context: Resolving, targets: tuple[Target, ...]) -> tuple[Statement, ...]:
    """What the role may do: each permission once."""
    merged: dict[str, Statement] = {}
    for one in (one for target in targets for one in target.statements):
        there = merged.get(one.sid)  # two prefixes of a bucket
        resources = tuple(dict.fromkeys((*(there.resources if there else ()), *one.resources)))
        merged[one.sid] = Statement(one.sid, one.actions, resources, one.conditions)
    return (*_use_key(context, targets), *merged.values())


def _use_key(context: Resolving, targets: tuple[Target, ...]) -> Iterator[Statement]:
    """Permission to use the pipeline's own key through the services that the rule sends to.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    """
    used = sorted({target.through for target in targets if target.through})
    if context.encryption_key and used:
        through = tuple(f"{service}.{context.region}.amazonaws.com" for service in used)
        condition = ("StringEquals", "kms:ViaService", through)
        yield Statement(
            "UseKey", ("kms:Decrypt", "kms:GenerateDataKey"), (context.encryption_key,), (condition,)
        )
