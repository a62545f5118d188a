"""The targets of events: what each needs of AWS.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.kinds.events.event import Target
from iotgen.model.context import label
from iotgen.model.declared_logs import ADDRESS as LOG_GROUP
from iotgen.model.declared_logs import log_label
from iotgen.model.expression import Expression, Joined, Label, Reference
from iotgen.model.kind import Resolving
from iotgen.model.policy import Statement, statement_id
from iotgen.problem import Path

Settings = Mapping[str, Any]
# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html
_LONGEST_ID = 64


@dataclass(frozen=True)
class _Word:
    """A word for a target: its section, and what a role needs to send there.

    With `policy`, an address, the resource lets EventBridge in by its own policy, and no role is needed.
    """

    section: str
    verb: str
    actions: tuple[str, ...]
    through: str | None = None
    policy: str | None = None


_WORDS: Mapping[str, _Word] = {
    "queue": _Word("queues", "send", ("sqs:SendMessage",), "sqs", "aws_sqs_queue"),
    "topic": _Word("topics", "publish", ("sns:Publish",), "sns", "aws_sns_topic_policy"),
    "stream": _Word("streams", "put", ("kinesis:PutRecord",), "kinesis"),
    "delivery": _Word("deliveries", "put", ("firehose:PutRecord", "firehose:PutRecordBatch")),
    "workflow": _Word("workflows", "start", ("states:StartExecution",)),
    "bus": _Word("buses", "write", ("events:PutEvents",)),
    "log_group": _Word("log_groups", "", (), None, "aws_cloudwatch_log_resource_policy"),
}


def resolve_targets(
    context: Resolving, event: str, settings: Settings, path: Path, *, by_role: bool
) -> Iterator[Target]:
    """The targets whose resources are declared; `by_role` if all of them are sent to by a role."""
    seen: dict[tuple[str, str], int] = {}
    for index, written in enumerate(settings["to"]):
        word = next(word for word in _WORDS if word in written)
        here = (*path, "to", index)
        if context.has(_WORDS[word].section, written[word], (*here, word)):
            number = seen[word, written[word]] = seen.get((word, written[word]), 0) + 1
            yield _target(context, event, written, word, number, here, by_role=by_role)


def _target(
    context: Resolving, event: str, written: Settings, word: str, number: int, path: Path, *, by_role: bool
) -> Target:
    about, key = _WORDS[word], written[word]
    again = f"-{number}" if number > 1 else ""
    own = context.existing(about.section, key) is None if about.section in context.forms else True
    after = f"aws_cloudwatch_log_resource_policy.{label(event)}__event" if word == "log_group" else None
    if word == "topic" and own:
        after = f"{about.policy}.{label(key)}"
    return Target(
        word=word,
        section=about.section,
        key=key,
        id=f"{word.replace('_', '-')}-{key}"[: _LONGEST_ID - len(again)] + again,
        label=Label(f"{label(event)}__{word}__{label(key)}{again.replace('-', '__')}"),
        path=path,
        arn=_attribute(context, about.section, key),
        verb=about.verb,
        statements=_statements(context, about, word, key) if by_role or not about.policy else (),
        through=about.through,
        after=None if by_role else after,
        partition_key=written.get("partition_key"),
        input=json.dumps(written["input"]) if "input" in written else None,
        paths=written.get("paths", {}),
        template=written.get("template"),
    )


def _statements(context: Resolving, about: _Word, word: str, key: str) -> tuple[Statement, ...]:
    return (
        Statement(statement_id(about.verb, word, key), about.actions, (_arn(context, about.section, key),)),
    )


def _arn(context: Resolving, section: str, key: str) -> Joined:
    """The ARN of a resource, known at plan time."""
    return context.accesses[section].arn(context, key, None)


def _attribute(context: Resolving, section: str, key: str) -> str | Expression:
    """The same as Terraform calls it, so that the resource is made first."""
    if section == "deliveries":  # none exists already
        return Reference(f"{context.accesses[section].address}.{label(key)}.arn")
    if section == "log_groups":
        own = context.existing(section, key) is None
        return Reference(f"{LOG_GROUP}.{log_label(key)}.arn") if own else context.arn(section, key)
    return context.attribute(section, key, "arn")
