"""Rules from their settings: query, targets, and the permissions of the role."""

from collections.abc import Iterator
from typing import Any

from iotgen.iot_sql import parse
from iotgen.kinds.rules.invoked import invoked, statement
from iotgen.kinds.rules.rule import SECTION, KeepingRule, Rule, Target
from iotgen.kinds.rules.targets import Settings, dead_letter_target, resolve_target
from iotgen.model.arn import arn
from iotgen.model.context import label
from iotgen.model.dead_letters import dead_letters
from iotgen.model.expression import Label, Reference
from iotgen.model.key_use import KeyUse, key_statements, key_use, own_use
from iotgen.model.kind import Resolving
from iotgen.model.policy import Statement
from iotgen.problem import Path
from iotgen.triggers.iot import WORD


def resolve_rules(context: Resolving) -> tuple[Rule, ...]:
    """The rules of the section, and those of functions that messages trigger."""
    return (*_section(context), *_triggers(context))


def _section(context: Resolving) -> Iterator[Rule]:
    for key, settings, path in context.entries(SECTION):
        written = ((target, (*path, "to", index)) for index, target in enumerate(settings["to"]))
        found = (resolve_target(context, target, at) for target, at in written)
        own: dict[str, Any] = {"key": key, "label": label(key), "path": path}
        own |= {"sql": settings["sql"], "sql_path": (*path, "sql")}
        own |= {"description": settings.get("description"), "given": context.given(SECTION, key)}
        own["tags"] = settings.get("tags")
        yield _rule(context, own, tuple(one for one in found if one), settings)


def _triggers(context: Resolving) -> Iterator[Rule]:
    """A rule for each trigger, named after its function: `alerter-iot`, then `alerter-iot-2`."""
    for key, function in context.data["functions"].items():
        number = 0
        for index, settings in enumerate(function["triggers"]):
            if WORD not in settings:
                continue
            number += 1
            path: Path = ("functions", key, "triggers", index)
            own = {
                "key": f"{key}-iot" if number == 1 else f"{key}-iot-{number}",
                "label": Label(f"{label(key)}__iot__{number}"),
                "path": path,
                "sql": settings[WORD],
                "sql_path": (*path, WORD),
            }
            target = resolve_target(context, {"function": key}, path)
            yield _rule(context, own, (target,) if target else (), settings)


def _rule(context: Resolving, own: dict[str, Any], targets: tuple[Target, ...], settings: Settings) -> Rule:
    failing = settings.get("on_error")
    path = (*own["path"], "on_error")
    return make_rule(context, own, targets, resolve_target(context, failing, path) if failing else None)


def make_rule(
    context: Resolving, own: dict[str, Any], targets: tuple[Target, ...], on_error: Target | None
) -> Rule:
    """A rule, which keeps what fails in a dead-letter queue if it has no other place for it."""
    key = own["key"]
    # AWS takes letters, digits and underscores only.
    # https://docs.aws.amazon.com/iot/latest/apireference/API_CreateTopicRule.html
    sql = own["sql"].replace("{suffix}", context.suffix)
    query = parse(sql)
    functions = invoked(context, query, own["sql_path"])
    common = {
        "description": None,
        **own,
        "sql": sql,
        "statement": statement(context, query, sql, functions, own["sql_path"]),
        "invoked": dict(functions.values()),
        "name": (context.filled(own.get("given", "")) or context.name(key)).replace("-", "_"),
        "query": query,
        "targets": targets,
    }
    if on_error:
        return Rule(**common, on_error=on_error, statements=_statements(context, (*targets, on_error)))
    kept = dead_letters(context.name(f"{key}-rule-dlq"), f"{key}-rule-dlq", context.encryption_key)
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
    return (*key_statements(context, _key_uses(context, targets)), *merged.values())


def _key_uses(context: Resolving, targets: tuple[Target, ...]) -> Iterator[KeyUse]:
    """The KMS keys of what the rule sends to; its own dead-letter queue has the pipeline's."""
    for target in targets:
        if target.section:
            yield from key_use(context, target.section, target.key, target.through, reads=False)
        elif target.through:
            yield from own_use(context, target.through)
