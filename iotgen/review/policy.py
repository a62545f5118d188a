"""IAM policies as sets of single permissions, which can be compared.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from iotgen.review.settings import json_in

# A test, its key, and the values of which one has to be true.
Condition = tuple[str, str, tuple[str, ...]]
EXCEPT = "all but "


@dataclass(frozen=True)
class Permission:
    """An action on a resource, for a principal (empty in a role's policy), if all conditions are met.

    With `deny` it takes the permission away. What a statement excludes (`NotAction`) begins with `all but`.
    """

    action: str
    resource: str
    principal: str = ""
    conditions: frozenset[Condition] = frozenset()
    deny: bool = False

    def covers(self, other: "Permission") -> bool:
        """Whether this permits, or denies, all that the other does."""
        return (
            self.deny is other.deny
            and _matches(self.action.lower(), other.action.lower())
            and _matches(self.resource, other.resource)
            and self.principal in (other.principal, "*")
            and self.conditions <= other.conditions
        )


def permissions_of(text: Any) -> frozenset[Permission] | None:
    """The permissions of a policy as JSON text, None if the text is no policy."""
    policy = json_in(text)
    if not isinstance(policy, Mapping) or "Statement" not in policy:
        return None
    statements = _listed(policy["Statement"])
    return frozenset(
        one for statement in statements if isinstance(statement, Mapping) for one in _single(statement)
    )


def compared(
    before: frozenset[Permission], after: frozenset[Permission]
) -> tuple[frozenset[Permission], frozenset[Permission]]:
    """The permissions that only the second has, and those that only the first has.

    What another permission covers is no difference.
    """
    gained = frozenset(one for one in after - before if not _covered(one, before))
    lost = frozenset(one for one in before - after if not _covered(one, after))
    return gained, lost


def _covered(one: Permission, others: Iterable[Permission]) -> bool:
    return any(other.covers(one) for other in others)


def _single(statement: Mapping[str, Any]) -> Iterator[Permission]:
    conditions = frozenset(_conditions(statement.get("Condition") or {}))
    actions, resources = _element(statement, "Action"), _element(statement, "Resource")
    for action, resource, principal in product(actions, resources, _principals(statement)):
        yield Permission(action, resource, principal, conditions, statement.get("Effect") == "Deny")


def _element(statement: Mapping[str, Any], name: str) -> list[str]:
    """The values of an element; a trust policy has no resources."""
    if f"Not{name}" in statement:
        return [EXCEPT + ", ".join(sorted(_listed(statement[f"Not{name}"])))]
    return _listed(statement.get(name, ""))


def _principals(statement: Mapping[str, Any]) -> list[str]:
    for name, prefix in (("Principal", ""), ("NotPrincipal", EXCEPT)):
        if name in statement:
            written = statement[name]
            listed = written.values() if isinstance(written, Mapping) else [written]
            return [prefix + principal for values in listed for principal in _listed(values)]
    return [""]


def _conditions(written: Mapping[str, Any]) -> Iterator[Condition]:
    for test, keys in written.items():
        for key, values in keys.items() if isinstance(keys, Mapping) else ():
            yield test, key, tuple(sorted(_listed(values)))


def _listed(value: Any) -> list[Any]:
    """A value, or several, as a list: IAM takes both."""
    if isinstance(value, list):
        return [one if isinstance(one, Mapping) else _text(one) for one in value]
    return [value if isinstance(value, Mapping) else _text(value)]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """A text with IAM's wildcards."""
    escaped = re.escape(text).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(escaped, re.DOTALL)


def _matches(pattern: str, text: str) -> bool:
    if pattern == text:
        return True
    return not pattern.startswith(EXCEPT) and _pattern(pattern).fullmatch(text) is not None
