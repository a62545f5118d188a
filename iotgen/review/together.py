"""What changes alike, together: parts within a group, and groups of one noun."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from iotgen.review.review import Group, Item
from iotgen.terraform.plan import Action

# Up to so many resources of one noun that are created or destroyed have a line each.
_LINES = 12
_WHOLE = (Action.CREATE, Action.DESTROY)


@dataclass(frozen=True)
class Bundle:
    """The items of a group that change alike."""

    items: tuple[Item, ...]

    @property
    def first(self) -> Item:
        """The whole, if it is among them, or else any."""
        return self.items[0]

    @property
    def shape(self) -> Hashable:
        """What those of two groups that change alike have in common."""
        one = self.first
        what = "" if one.whole else one.noun
        return what, _alike(one)


@dataclass(frozen=True)
class Together:
    """Groups of one noun that change alike, which are shown as one."""

    groups: tuple[Group, ...]
    bundles: tuple[Bundle, ...]

    @property
    def first(self) -> Group:
        """One of them."""
        return self.groups[0]


def together(groups: Iterable[Group]) -> tuple[Together, ...]:
    """The groups, in their order, with those that change alike as one."""
    found: dict[Hashable, list[Group]] = {}
    listed = list(groups)
    for group in listed:
        found.setdefault(_key(group, listed), []).append(group)
    return tuple(Together(tuple(alike), bundles(alike[0])) for alike in found.values())


def _key(group: Group, groups: list[Group]) -> Hashable:
    """What a group shares with those that it is shown with: with none if its data is lost."""
    noun, action = group.owner.noun, group.action
    if group.loses:
        return group.owner
    if action in _WHOLE:
        same = [other for other in groups if (other.owner.noun, other.action) == (noun, action)]
        return (noun, action) if len(same) > _LINES else group.owner
    return noun, action, tuple(bundle.shape for bundle in bundles(group))


def bundles(group: Group) -> tuple[Bundle, ...]:
    """The items of a group that change alike; none of those that come or go with the whole."""
    found: dict[Hashable, list[Item]] = {}
    for item in group.items:
        if group.action not in _WHOLE or item.action is not group.action:
            found.setdefault(_alike(item), []).append(item)
    return tuple(Bundle(tuple(items)) for items in found.values())


def _alike(item: Item) -> Hashable:
    if item.action in _WHOLE:
        return item.action, item.noun
    written = repr(item.settings), item.permissions, item.rewritten, item.new_code
    return item.action, *written, item.former, item.back, item.loses, item.missed
