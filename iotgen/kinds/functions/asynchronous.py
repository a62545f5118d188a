"""What becomes of asynchronous calls: of buckets, topics, schedules, events, logs and other functions.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.model.arn import arn
from iotgen.model.called import called
from iotgen.model.context import Context
from iotgen.model.expression import Expression, Joined
from iotgen.model.policy import Statement, statement_id
from iotgen.problem import Path

# What takes the record of a call, and the action that it needs of the function's role.
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
_ACTIONS = {
    "queue": ("queues", "sqs:SendMessage"),
    "topic": ("topics", "sns:Publish"),
    "function": ("functions", "lambda:InvokeFunction"),
}
_OUTCOMES = ("success", "failure")


@dataclass(frozen=True, kw_only=True)
class Destination:
    """What takes the record of each call that ends in `outcome`: success or failure."""

    outcome: str
    section: str
    key: str
    arn: str | Expression
    statement: Statement
    path: Path


@dataclass(frozen=True, kw_only=True)
class Asynchronous:
    """How often and for how many seconds Lambda tries a call, and where the records go."""

    retries: int
    max_age: int
    destinations: tuple[Destination, ...]
    path: Path

    @property
    def arns(self) -> dict[str, str | Expression]:
        """The destinations by the outcome."""
        return {one.outcome: one.arn for one in self.destinations}


def resolve_asynchronous(
    context: Context, settings: Mapping[str, Any], path: Path, written_at: Path
) -> Asynchronous | None:
    """What a function says of asynchronous calls, itself or by the defaults; None if it says nothing."""
    written = settings.get("async")
    if written is None:
        return None
    return Asynchronous(
        retries=written["retries"],
        max_age=written["max_age"],
        destinations=tuple(_destinations(context, written, (*written_at, "async"))),
        path=(*path, "async"),
    )


def _destinations(context: Context, written: Mapping[str, Any], path: Path) -> Iterator[Destination]:
    for outcome in _OUTCOMES:
        for word, key in written.get(f"on_{outcome}", {}).items():
            section, action = _ACTIONS[word]
            place = (*path, f"on_{outcome}", word)
            if context.has(section, key, place):
                sid = statement_id(f"report-{outcome}", word, key)
                yield Destination(
                    outcome=outcome,
                    section=section,
                    key=key,
                    arn=_address(context, section, key),
                    statement=Statement(sid, (action,), (_known_arn(context, section, key),)),
                    path=place,
                )


def _address(context: Context, section: str, key: str) -> str | Expression:
    """The ARN as Terraform calls it, so that a destination is there before a function reports to it."""
    return called(context, key).arn if section == "functions" else context.attribute(section, key, "arn")


def _known_arn(context: Context, section: str, key: str) -> Joined:
    """The ARN as it is known without the destination, so that functions may report to each other."""
    if section == "functions":
        return arn("lambda", context.region, "function:", called(context, key).name)
    return context.arn(section, key)
