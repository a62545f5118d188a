"""The words of a review: values, permissions, and what belongs to what."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

from iotgen.model.plural import plural
from iotgen.review.held import ATTACHED
from iotgen.review.permissions import Difference, Unclear
from iotgen.review.policy import Condition
from iotgen.review.review import Group, Item, Review
from iotgen.review.settings import Mark
from iotgen.terraform.plan import Action
from iotgen.visible import visible

SYMBOLS = {
    Action.CREATE: "+",
    Action.UPDATE: "~",
    Action.REPLACE: "-/+",
    Action.DESTROY: "-",
    Action.FORGET: ".",
    Action.NONE: "=",
}
_COUNTED = (
    (Action.CREATE, "to create"),
    (Action.UPDATE, "to change"),
    (Action.REPLACE, "to replace"),
    (Action.DESTROY, "to destroy"),
    (Action.FORGET, "to forget"),
)
# SHA-256 as hexadecimal digits, or in base 64.
_DIGEST = re.compile(r"[0-9a-f]{64}|[A-Za-z0-9+/]{43}=")
_TESTS = {
    "StringEquals": "is",
    "StringLike": "is like",
    "ArnLike": "is like",
    "ArnEquals": "is",
    "Bool": "is",
}


def value(data: Any, most: int) -> str:
    """A value as JSON, with words for what is not shown, and at most so many characters."""
    if data is None:
        return "none"
    if isinstance(data, Mark):
        return data.value
    if isinstance(data, str) and _DIGEST.fullmatch(data):
        return f"{data[:8]}..."
    text = json.dumps(_plain(data), ensure_ascii=False)
    return shortened(visible(text), most)


def shortened(text: str, most: int) -> str:
    """A text with its middle left out if it is too long."""
    if len(text) <= most:
        return text
    end = max(0, (most - 3) // 3)
    return f"{text[: max(1, most - 3 - end)]}...{text[len(text) - end :] if end else ''}"


def _plain(data: Any) -> Any:
    """A value with the words of the marks in it."""
    if isinstance(data, Enum):
        return data.value
    if isinstance(data, dict):
        return {key: _plain(inner) for key, inner in data.items()}
    return [_plain(inner) for inner in data] if isinstance(data, list) else data


def counts(review: Review) -> str:
    """How many resources are created, changed, replaced and destroyed."""
    numbers = [f"{review.count(action)} {words}" for action, words in _COUNTED if review.count(action)]
    new = f"; nothing is deployed as `{review.suffix}` yet" if review.fresh else ""
    return (", ".join(numbers) or "no resource changes") + new


def parts(group: Group) -> str:
    """What is created or destroyed with the whole of a group."""
    nouns = Counter(item.noun for item in group.items if not item.whole)
    alarms = nouns.pop("alarm", 0)
    others = sum(nouns.values())
    has_whole = any(item.whole for item in group.items)
    words = [plural(alarms, "alarm")] if alarms else []
    if others:
        words.append(f"{others} more" if words or has_whole else plural(others, "resource"))
    return ("with " if has_whole and words else "") + " and ".join(words)


def fate(item: Item) -> str:
    """What becomes of a resource whose data is lost."""
    if item.action is Action.REPLACE:
        return "REPLACED, its contents are lost"
    return "DESTROYED with its contents"


def listed(nouns: Iterable[str]) -> str:
    """Nouns, with their number where there are several of one."""
    return ", ".join(noun if number == 1 else plural(number, noun) for noun, number in Counter(nouns).items())


def permission(one: Difference) -> str:
    """What somebody gains or loses, without the line."""
    verb = {
        (True, False): "gains",
        (False, False): "loses",
        (True, True): "is denied",
        (False, True): "is no longer denied",
    }[one.gains, one.denied]
    return visible(f"{one.holder} {verb} {allowed(one)}")


def allowed(one: Difference) -> str:
    """The actions, what they are on, and their conditions."""
    if ATTACHED in one.actions:
        return f"what the policy {one.resource} allows"
    on = one.target.words(one.subject) if one.target else one.resource
    words = ", ".join(actions(one)) + (f" on {on}" if on else "")
    if one.conditions and not one.statement and (one.gains or not one.target):
        words += f", if {conditions(one.conditions)}"
    if one.otherwise:
        words += f", {'no longer only' if one.gains else 'except'} if {conditions(one.otherwise)}"
    return words


def actions(one: Difference) -> list[str]:
    """The actions, without the service where the target shows it."""
    plain = one.target is not None and not any("*" in action for action in one.actions)
    return [action.rpartition(":")[2] if plain else action for action in one.actions]


def conditions(tests: Iterable[Condition]) -> str:
    """Conditions in words."""
    return " and ".join(
        f"{key} {_TESTS.get(test, test)} {' or '.join(values)}" for test, key, values in tests
    )


def own_rights(ones: Iterable[Difference]) -> str:
    """What a function may do without `access`: the ids of its statements, in words."""
    ids = dict.fromkeys(one.statement for one in ones)
    return joined([" ".join(re.findall(r"[A-Z][a-z0-9]*", sid)).lower() for sid in ids])


def joined(words: Sequence[str]) -> str:
    """Words as a list in a sentence."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def unclear(one: Unclear) -> str:
    """A policy that cannot be compared."""
    return visible(f"the policy of {one.subject.title} cannot be compared: {one.why} ({one.address})")
