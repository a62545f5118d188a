"""Environments would share a name on AWS."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds import KINDS
from iotgen.kinds.devices import DeviceGroup
from iotgen.kinds.functions import Function
from iotgen.kinds.queues import Queue
from iotgen.kinds.rules import Rule as TopicRule
from iotgen.kinds.workflows import Workflow
from iotgen.model.pipeline import Pipeline
from iotgen.model.resource import Resource
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find the first given name that every environment has; the others have the same reason."""
    shared = [one for one in _given(pipeline) if "{suffix}" not in one[1]]
    if shared:
        _key, given, place, joint = shared[0]
        message = (
            f"{_listed(shared)} the same name in every environment: a second one of the same account cannot "
            "be deployed, or takes over what the first one has"
        )
        ending = ".fifo" if given.endswith(".fifo") else ""
        better = f'"{given.removesuffix(ending)}{joint}{{suffix}}{ending}"'
        hint = f"Write `{better}`, or deploy each environment into an account of its own."
        yield Finding(place, message, hint)


def _given(pipeline: Pipeline) -> Iterator[tuple[str, str, Path, str]]:
    """The keys of resources with names of their own, the names, where the spec has them, and what joins.

    Triggers have no keys.

    A suffix comes after a hyphen, which only the names of AWS IoT's rules may not have:
    https://docs.aws.amazon.com/iot/latest/apireference/API_CreateTopicRule.html
    """
    for kind in KINDS:
        for one in kind.of(pipeline):
            if one.given:
                yield one.key, one.given, one.named_at, "_" if isinstance(one, TopicRule) else "-"
            yield from _parts(one)


def _parts(one: Resource) -> Iterator[tuple[str, str, Path, str]]:
    """The same of what belongs to a resource."""
    if isinstance(one, Queue) and one.dead_letter_given:
        yield one.key, one.dead_letter_given, one.dead_letter_named_at, "-"
    if isinstance(one, DeviceGroup) and one.type and one.type.given:
        yield one.key, one.type.given, (*one.path, "type", "name"), "-"
    if isinstance(one, Function | Workflow) and one.runs_as.given:
        yield one.key, one.runs_as.given, one.runs_as.path, "-"
    if isinstance(one, Function) and one.log_group_given:
        yield one.key, one.log_group_given, (*one.path, "log_group"), "-"
    for trigger in one.triggers if isinstance(one, Function | Workflow) else ():
        if trigger.given:
            yield trigger.given, trigger.given, trigger.named_at, "-"


def _listed(shared: list[tuple[str, str, Path, str]]) -> str:
    first = f"`{shared[0][0]}`"
    if len(shared) == 1:
        return f"{first} has"
    return f"{first} and {len(shared) - 1} more have"


RULE = Rule(
    code="IOT421",
    severity=Severity.WARNING,
    summary="Environments would share a name on AWS.",
    why=(
        "Names are unique in an account and region, those of buckets in all of AWS. Most services refuse a "
        "second resource of a name. SNS and SQS do not where its settings are the same: they answer with "
        "the one that is there, and both environments then use it, and destroy it."
    ),
    fix="Put `{suffix}` into the name, which is filled in by the environment's suffix.",
    ignore="There is one environment in each account, and no bucket is among them.",
    source="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html",
    check=check,
)
