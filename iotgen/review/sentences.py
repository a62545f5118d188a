"""The permissions of a review as sentences."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from iotgen.kinds.functions.managed import ATTACHMENT
from iotgen.review.held import ATTACHED
from iotgen.review.permissions import Difference, Permissions
from iotgen.review.review import Group
from iotgen.review.words import allowed, joined, own_rights, permission, unclear
from iotgen.terraform.plan import Action
from iotgen.visible import visible

_MOST_NAMED = 3


@dataclass(frozen=True)
class Sentence:
    """What somebody may do, gains or loses; `loud` if it is wider than the spec asks for."""

    words: str
    loud: bool = False


def sentences(permissions: Permissions, groups: Iterable[Group]) -> Iterator[Sentence]:
    """What differs, then what each new function may do, then what cannot be compared.

    What is destroyed loses all that it had, which needs no sentence.
    """
    gone = {group.owner for group in groups if group.action is Action.DESTROY and not _detached(group)}
    new: dict[str, list[Difference]] = {}
    for one in permissions.differences:
        if one.of_role and one.action is Action.CREATE and not one.wide:
            new.setdefault(one.holder, []).append(one)
        elif (one.of_interest or one.wide) and one.subject not in gone:
            yield _difference(one)
    yield from _new(new)
    for policy in permissions.unclear:
        if policy.action is not Action.CREATE or policy.of_role:
            yield Sentence(unclear(policy), loud=True)


def _detached(group: Group) -> bool:
    """Whether only managed policies are detached, from a role that stays."""
    return all(item.address.startswith(f"{ATTACHMENT}.") for item in group.items)


def _difference(one: Difference) -> Sentence:
    place = f" ({one.place})" if one.place else ""
    wide = "WIDE: " if one.wide else ""
    return Sentence(f"{wide}{permission(one)}{place}", loud=one.wide)


def _may(one: Difference) -> str:
    return f"{'do ' if ATTACHED in one.actions else ''}{allowed(one)}"


def _new(grants: Mapping[str, list[Difference]]) -> Iterator[Sentence]:
    """What each new function may do by the spec, then what all of them may do as functions."""
    shared: dict[str, list[str]] = {}
    for holder, ones in grants.items():
        if asked := [_may(one) for one in ones if one.line or not one.statement]:
            yield Sentence(visible(f"{holder} may {'; '.join(asked)}"))
        if own := own_rights(one for one in ones if one.statement and not one.line):
            shared.setdefault(own, []).append(holder)
    for own, holders in shared.items():
        who = joined(holders) if len(holders) <= _MOST_NAMED else f"each of {len(holders)} new functions"
        yield Sentence(visible(f"{who} may {own}, as any function may"))
