"""The review of a plan: its changes by the keys of the spec, drift, and permissions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from iotgen.kinds import KINDS
from iotgen.kinds.holding import holding
from iotgen.model.alarm import Alarm
from iotgen.model.dead_letters import holder_labels
from iotgen.model.declared_logs import ADDRESS as LOG_GROUP
from iotgen.model.pipeline import Pipeline
from iotgen.problem import Path
from iotgen.review.drift import Drift, drifted
from iotgen.review.held import policies_in
from iotgen.review.owner import Owner, Owners, noun_of
from iotgen.review.permissions import Comparison, Difference, Permissions, Unclear
from iotgen.review.settings import Setting, differing
from iotgen.review.target import Targets
from iotgen.spec.document import Document
from iotgen.terraform.plan import Action, Change, Contents
from iotgen.triggers.replaced import missed

_KINDS = {kind.address: kind for kind in KINDS}
# The attribute of functions and layers that says which zip they have.
_CODE = ("source_code_hash",)
_DESTROYS = (Action.DESTROY, Action.REPLACE)


@dataclass(frozen=True)
class Item:
    """What happens to one resource of Terraform.

    `noun` is what it is, `name` its own if there may be several of them; `whole` if it is what the spec has
    the key for, rather than a part of that.
    `permissions` if it gives others, `rewritten` if its policies are worded differently and give the same.
    `loses` if data is lost with it, `missed` what is not sent while it is replaced. `back` if it differs on
    AWS from the last apply, and the plan changes it.
    """

    address: str
    noun: str
    name: str
    whole: bool
    action: Action
    settings: tuple[Setting, ...] = ()
    permissions: bool = False
    rewritten: bool = False
    new_code: bool = False
    loses: bool = False
    missed: str = ""
    former: str = ""
    reason: str = ""
    back: bool = False


@dataclass(frozen=True)
class Group:
    """What happens to one resource of the spec, or to one that it no longer has."""

    owner: Owner
    items: tuple[Item, ...]

    @property
    def action(self) -> Action:
        """What happens to the whole: an update if only parts of it are touched, or replaced."""
        actions = {item.action for item in self.items}
        whole = [item.action for item in self.items if item.whole]
        alike = actions.pop() if len(actions) == 1 else Action.UPDATE
        return whole[0] if whole else Action.UPDATE if alike is Action.REPLACE else alike

    @property
    def loses(self) -> bool:
        """Whether data is lost, other than that of parts that go with the whole."""
        gone = self.action is Action.DESTROY
        return any(item.loses and (item.whole or not gone) for item in self.items)


@dataclass(frozen=True)
class Review:
    """A plan as people review it.

    `drift` is what differs on AWS from what the last apply left, `drift_permissions` who has others there.
    """

    groups: tuple[Group, ...] = ()
    drift: tuple[Group, ...] = ()
    permissions: Permissions = field(default_factory=Permissions)
    drift_permissions: Permissions = field(default_factory=Permissions)
    outputs: tuple[str, ...] = ()
    suffix: str = ""
    fresh: bool = False

    @property
    def widening(self) -> tuple[Difference, ...]:
        """What is allowed and was not before; in a new environment, only what the spec does not ask for."""
        return tuple(
            one
            for one in self.permissions.differences
            if one.wide or (not self.fresh and one.widens and one.of_interest)
        )

    @property
    def uncertain(self) -> tuple[Unclear, ...]:
        """The policies that were there before, and may be widened."""
        return tuple(one for one in self.permissions.unclear if one.action is not Action.CREATE)

    @property
    def destroying(self) -> tuple[Item, ...]:
        """What is destroyed, or replaced and loses data."""
        return tuple(item for item in self.items if item.action is Action.DESTROY or item.loses)

    @property
    def items(self) -> tuple[Item, ...]:
        """Each resource that is touched."""
        return tuple(item for group in self.groups for item in group.items)

    def count(self, action: Action) -> int:
        """How many resources an action is planned for."""
        return sum(item.action is action for item in self.items)

    @property
    def empty(self) -> bool:
        """Whether the plan changes nothing."""
        return not (self.groups or self.outputs)


def review(pipeline: Pipeline, document: Document, made: Mapping[str, Path], contents: Contents) -> Review:
    """The review of a plan; `made` has what each resource is rendered for, by its address."""
    every = (*contents.changes, *contents.drift)
    owners = Owners(pipeline, document, made, [change.address for change in every])
    compare = Comparison(pipeline, owners, Targets(owners, every)).of
    planned = [change for change in contents.changes if change.action is not Action.NONE or _moves(change)]
    drift = drifted(contents)
    permissions = compare(planned)
    on_aws = compare([one.change for one in drift if one.change.action is Action.UPDATE])
    return Review(
        groups=_grouped(owners, [_item(change, owners, permissions) for change in planned]),
        drift=_grouped(owners, [_drift_item(one, owners, on_aws) for one in drift]),
        permissions=permissions,
        drift_permissions=on_aws,
        outputs=contents.outputs,
        suffix=pipeline.suffix,
        fresh=contents.fresh,
    )


def without_spec(suffix: str, contents: Contents) -> Review:
    """The review of a plan for which there is no valid spec."""
    nothing = Pipeline(
        by_type={}, name="", suffix=suffix, region="", tags={}, state=None, encryption_key=None
    )
    return review(nothing, Document("", None, {}, {}), {}, contents)


def _moves(change: Change) -> bool:
    return change.previous_address is not None


def _grouped(owners: Owners, items: Iterable[Item]) -> tuple[Group, ...]:
    """The items by owner: what loses data first, then kinds that hold some, then in the spec's order."""
    groups: dict[Owner, list[Item]] = {}
    for item in items:
        groups.setdefault(owners.of(item.address), []).append(item)
    made = [Group(owner, tuple(sorted(own, key=_rank))) for owner, own in groups.items()]
    return tuple(sorted(made, key=lambda group: (not group.loses, not _holds(group), group.owner.order)))


def _rank(item: Item) -> tuple[bool, bool, str]:
    return not item.whole, not item.loses, item.address


def _holds(group: Group) -> bool:
    return any(item.whole and _holding(item.address) for item in group.items)


def _holding(address: str) -> bool:
    type_, _, label = address.partition(".")
    return holding(type_, label.partition("[")[0]) is not None


def _item(change: Change, owners: Owners, permissions: Permissions) -> Item:
    updates = change.action in (Action.UPDATE, Action.REPLACE)
    one = _described(change, owners, differing(change) if updates else (), permissions)
    gap = missed(change.type, change.before or {}) if change.action is Action.REPLACE else ""
    return replace(one, loses=change.action in _DESTROYS and _loses(change), missed=gap)


def _drift_item(drift: Drift, owners: Owners, permissions: Permissions) -> Item:
    one = _described(drift.change, owners, drift.settings, permissions)
    return replace(one, back=drift.back)


def _described(
    change: Change, owners: Owners, settings: tuple[Setting, ...], permissions: Permissions
) -> Item:
    owner = owners.of(change.address)
    policies = policies_in(change)
    others = change.address in permissions.addresses
    worded = any(setting.path[0] in policies for setting in settings)
    return Item(
        address=change.address,
        noun=_noun(change, owner),
        name=_name(change, owner) if owners.several(change.address) else "",
        whole=_is_whole(change, owner),
        action=change.action,
        settings=tuple(one for one in settings if one.path[0] not in policies and not _is_code(one)),
        permissions=worded and others,
        rewritten=worded and not others,
        new_code=any(map(_is_code, settings)),
        former=change.previous_address or "",
        reason=change.reason,
    )


def _loses(change: Change) -> bool:
    """Whether what a resource holds is lost with it."""
    kind = holding(change.type, change.label)
    if kind is None:
        # The writer of this one stays, and begins another.
        return change.type == LOG_GROUP and change.action is Action.REPLACE
    return not (kind.in_spec and kind.in_spec(change.before or {}))


def _is_code(setting: Setting) -> bool:
    return setting.path == _CODE


def _is_whole(change: Change, owner: Owner) -> bool:
    """Whether a resource is what the spec has a key for: not its alarms, nor its dead-letter queue."""
    kind = _KINDS.get(change.type)
    if kind is None:
        return owner.noun == "resource"
    return change.label.replace("-", "_") == owner.key.replace("-", "_") or owner.noun == "key"


def _name(change: Change, owner: Owner) -> str:
    """The name of a part, without that of the whole."""
    label = change.label.replace("_", "-")
    return label.removeprefix(owner.key).strip("-") or label


def _noun(change: Change, owner: Owner) -> str:
    kind = _KINDS.get(change.type)
    if kind and any(holder == owner.key.replace("-", "_") for holder in holder_labels(change.label)):
        return "dead-letter queue"
    return "alarm" if kind and kind.type is Alarm else noun_of(change.type)
