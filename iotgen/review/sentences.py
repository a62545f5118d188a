"""The permissions of a review as sentences."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from iotgen.review.permissions import Difference, Permissions
from iotgen.review.review import Group
from iotgen.review.words import allowed, own_rights, permission, unclear
from iotgen.terraform.plan import Action
from iotgen.visible import visible


@dataclass(frozen=True)
class Sentence:
    """What somebody may do, gains or loses; `loud` if it is wider than the spec asks for."""

    words: str
    loud: bool = False


def sentences(permissions: Permissions, groups: Iterable[Group]) -> Iterator[Sentence]:
    """What differs, then what each new function may do, then what cannot be compared.

    What is destroyed loses all that it had, which needs no sentence.
    """
    gone = {group.owner for group in groups if group.action is Action.DESTROY}
    new: dict[str, list[Difference]] = {}
    for one in permissions.differences:
        if one.of_role and one.action is Action.CREATE and not one.wide:
            new.setdefault(one.holder, []).append(one)
        elif (one.of_interest or one.wide) and one.subject not in gone:
            yield _difference(one)
    for holder, grants in new.items():
        yield Sentence(visible(f"{holder} may {_all(grants)}"))
    for policy in permissions.unclear:
        if policy.action is not Action.CREATE or policy.of_role:
            yield Sentence(unclear(policy), loud=True)


def _difference(one: Difference) -> Sentence:
    place = f" ({one.place})" if one.place else ""
    wide = "WIDE: " if one.wide else ""
    return Sentence(f"{wide}{permission(one)}{place}", loud=one.wide)


def _all(grants: list[Difference]) -> str:
    """What a new function may do by the spec, and what it may do as any function."""
    asked = [allowed(one) for one in grants if one.line or not one.statement]
    own = own_rights(one for one in grants if one.statement and not one.line)
    return "; ".join([*asked, f"as every function {own}"] if own else asked)
