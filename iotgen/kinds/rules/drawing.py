"""What a picture shows of rules: the devices on the left, each rule, and where it sends messages."""

from collections.abc import Iterator

from iotgen.kinds.devices import DeviceGroup
from iotgen.kinds.rules.rule import SECTION, KeepingRule, Rule, Target
from iotgen.model.drawing import Edge, Node, Relation, Style
from iotgen.model.pipeline import Pipeline
from iotgen.problem import Path

_STYLE = Style(name="rule", hue=262, icon="M3 5h18l-7 8v6l-4-2v-4z", shape=("{{", "}}"))
_DEVICES = Style(
    name="devices",
    hue=None,
    icon="M7 7h10v10H7zM9.5 3v4M14.5 3v4M9.5 17v4M14.5 17v4M3 9.5h4M3 14.5h4M17 9.5h4M17 14.5h4",
    shape=("([", "])"),
)
DEVICES: Path = (SECTION, "devices", "mqtt")


def rule_drawing(rules: tuple[Rule, ...], pipeline: Pipeline) -> Iterator[Node | Edge]:
    """The devices that the spec does not have, once, and each rule with its targets."""
    groups = pipeline.all(DeviceGroup)
    if not all(rule_feeders(rule, groups) for rule in rules) or any(
        not target.section and _is_drawn(target) for rule in rules for target in rule.every_target
    ):
        yield Node(id=DEVICES, noun="devices", title="devices", note="MQTT", style=_DEVICES)
    for rule in rules:
        kept = "dead letters" if isinstance(rule, KeepingRule) else None
        yield Node(
            id=rule.path, noun="rule", title=rule.key, note="IoT rule", style=_STYLE, dead_letters=kept
        )
        for tail in [group.path for group in rule_feeders(rule, groups)] or [DEVICES]:
            topic = rule.query.topic or f"{rule.basic_ingest}/#"
            yield Edge(tail=tail, head=rule.path, text=topic, accent=rule.path, relation=Relation.CALL)
        yield from (_edge(rule, target, target.text) for target in rule.targets if _is_drawn(target))
        for key in rule.invoked:
            head = ("functions", key)
            yield Edge(tail=rule.path, head=head, text="in its SQL", accent=head, relation=Relation.CALL)
        if not isinstance(rule, KeepingRule) and _is_drawn(rule.on_error):
            yield _edge(rule, rule.on_error, "on error")


def rule_feeders(rule: Rule, groups: tuple[DeviceGroup, ...]) -> tuple[DeviceGroup, ...]:
    """The groups whose devices may publish what a rule gets."""
    filters = [one for one in (rule.query.topic, f"{rule.basic_ingest}/#") if one]
    return tuple(group for group in groups if any(map(group.may_publish, filters)))


def _is_drawn(target: Target) -> bool:
    """Whether a target has a node: a resource of the spec, or the devices."""
    return target.word != "log_group" or bool(target.section)


def _edge(rule: Rule, target: Target, text: str) -> Edge:
    head = target.head if target.section else DEVICES
    calls = target.section == "functions"
    relation = Relation.CALL if calls else Relation.ACCESS if target.section else Relation.NOTICE
    return Edge(tail=rule.path, head=head, text=text, accent=head if target.section else rule.path,
                relation=relation)  # fmt: skip
