"""Rules: messages of devices over MQTT, which AWS IoT hands to queues, tables, functions and others."""

from collections.abc import Iterator

from iotgen.kinds.rules.alarms import rule_alarms
from iotgen.kinds.rules.costs import RULE_COSTS
from iotgen.kinds.rules.drawing import rule_drawing
from iotgen.kinds.rules.preflight import rule_preflight
from iotgen.kinds.rules.resolve import resolve_rules
from iotgen.kinds.rules.rule import ADDRESS, SECTION, KeepingRule, Rule, Target
from iotgen.kinds.rules.status import RULE_STATUS
from iotgen.model.dead_letters import dead_letter_name, dead_letter_outputs, dead_letter_rendering
from iotgen.model.derived import no_derived
from iotgen.model.expression import Label, Reference
from iotgen.model.kind import Kind, Name, role_name
from iotgen.model.log_group import LogGroup, moment, no_entry
from iotgen.model.rendering import Digests, Output, Rendering, output_of

__all__ = ["RULES", "KeepingRule", "Rule", "Target"]


def _names(rule: Rule) -> Iterator[Name]:
    yield Name(what="a rule", text=rule.name, space="rule", most=128)
    yield role_name("the role of a rule", rule.role_name)
    if isinstance(rule, KeepingRule):
        yield dead_letter_name(rule)


def _render(rules: tuple[Rule, ...], _digests: Digests) -> Iterator[Rendering]:
    for rule in rules:
        holes = {
            "rule": rule,
            "actions": _actions(rule, rule.targets),
            "failing": _action(rule, rule.on_error),
        }
        yield Rendering(SECTION, rule.path, "rule", holes)
        if isinstance(rule, KeepingRule):
            yield dead_letter_rendering(SECTION, rule, None)
        for called in rule.called.values():
            holes = {"rule": rule, "called": called, "label": Label(f"{rule.role}__{called.label}")}
            yield Rendering(SECTION, rule.path, "rule_permission", holes)


def _actions(rule: Rule, targets: tuple[Target, ...]) -> dict[str, list[object]]:
    """The blocks of the targets, by the name of the action."""
    blocks: dict[str, list[object]] = {}
    for target in targets:
        blocks.setdefault(target.block, []).append(_body(rule, target))
    return blocks


def _action(rule: Rule, target: Target) -> dict[str, object]:
    return {target.block: _body(rule, target)}


def _body(rule: Rule, target: Target) -> dict[str, object]:
    """The settings of an action, with the role that it needs: a function allows the rule itself."""
    if target.section == "functions":
        return dict(target.body)
    return {**target.body, "role_arn": Reference(f"aws_iam_role.{rule.role}.arn")}


def _logs(rule: Rule) -> Iterator[LogGroup]:
    """Those that it writes messages to; the spec's own are read by their own keys, too."""
    for target in rule.every_target:
        if target.log_group:
            yield LogGroup(
                writer=rule.key,
                name=target.log_group,
                usual=not target.declared,
                entry=no_entry,
                span=moment,
            )


def _outputs(rules: tuple[Rule, ...]) -> tuple[Output, ...]:
    labels = {rule.key: rule.label for rule in rules}
    names = output_of("rule_names", "The rules' names, for topics of Basic Ingest", labels, f"{ADDRESS}.name")
    kept = tuple(rule for rule in rules if isinstance(rule, KeepingRule))
    return (*names, *dead_letter_outputs(kept))


RULES: Kind[Rule] = Kind(
    section=SECTION,
    noun="rule",
    type=Rule,
    address=ADDRESS,
    referred=True,
    used_in=None,
    resolve=resolve_rules,
    names=_names,
    render=_render,
    outputs=_outputs,
    alarms=rule_alarms,
    logs=_logs,
    status=RULE_STATUS,
    traces=None,
    changes=None,
    contents=None,
    refuses=None,
    preflight=rule_preflight,
    in_spec=None,
    waits={"aws_sqs_queue": "the provider waits 25 s for each write of a queue's attributes"},
    renamable=False,
    access=None,
    existing=None,
    derived=no_derived,
    drawing=rule_drawing,
    costs=RULE_COSTS,
)
