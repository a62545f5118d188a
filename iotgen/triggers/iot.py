"""Triggers by messages that devices publish over MQTT, by a rule of AWS IoT, one message for each invocation.

The rule itself, with its role and its permission to invoke the function, is one of `rules`.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.iot_sql import Query, parse
from iotgen.model.context import Context
from iotgen.model.drawing import Edge, Node
from iotgen.model.rendering import Rendering
from iotgen.model.trigger import (
    Call,
    Event,
    Occasion,
    Position,
    Trigger,
    TriggerKind,
    all_delivered,
    as_named,
    no_access,
    no_statements,
    one_by_one,
)
from iotgen.problem import Path

WORD = "iot"


@dataclass(frozen=True, kw_only=True)
class IotTrigger(Trigger):
    """A trigger by the messages that a statement selects."""

    query: Query

    @property
    def events(self) -> str:
        """Messages."""
        return "messages"

    @property
    def amount(self) -> str:
        """One, of these topics."""
        return self.query.topic or ""

    @property
    def subject(self) -> str:
        """Messages and their topics."""
        return f"messages of `{self.query.topic}`" if self.query.topic else "messages of its rule"

    def drawing(self, function: Path) -> Iterator[Node | Edge]:
        """Nothing: the rule has a node, and an edge to the function."""
        yield from ()


def _resolve(_context: Context, settings: Mapping[str, Any], position: Position) -> IotTrigger:
    return IotTrigger(**position.own(WORD), query=parse(settings[WORD]))


def _render(_calls: tuple[Call[IotTrigger], ...]) -> Iterator[Rendering]:
    """Nothing: the rule is rendered with the others."""
    yield from ()


def _sample(trigger: IotTrigger, _resource: Any, occasion: Occasion) -> Event:
    """What the statement selects of a message: all of it or of its objects, and what is known besides.

    https://docs.aws.amazon.com/lambda/latest/dg/services-iot.html
    """
    message = _message(occasion.content)
    selected = dict(message) if trigger.query.whole else {}
    for path in trigger.query.nested:
        selected |= _object(message, path)
    return {**{name: message.get(name, "sample") for name in trigger.query.columns}, **selected}


def _object(message: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """The object at a path of the message, empty where there is none."""
    found: Any = message
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _message(content: str) -> dict[str, Any]:
    try:
        message = json.loads(content)
    except ValueError:
        return {"message": content}
    return message if isinstance(message, dict) else {"message": message}


IOT_TRIGGER = TriggerKind(
    word=WORD,
    section=None,
    type=IotTrigger,
    resolve=_resolve,
    statements=no_statements,
    render=_render,
    access=no_access,
    sample=_sample,
    fed_by=None,
    delivery=one_by_one,
    written=as_named,
    undelivered=all_delivered,
)
