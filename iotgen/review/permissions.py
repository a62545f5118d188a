"""What roles and policies gain and lose, with the lines of the spec that ask for it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from iotgen.kinds.devices import DeviceGroup
from iotgen.kinds.functions import Function
from iotgen.kinds.functions.managed import ATTACHMENT
from iotgen.kinds.roles import permitted
from iotgen.model.expression import Expression, Reference
from iotgen.model.pipeline import Pipeline
from iotgen.model.policy import Statement
from iotgen.problem import Path
from iotgen.review.held import ATTACHED, METHOD, Held, held
from iotgen.review.owner import Owner, Owners, noun_of
from iotgen.review.policy import EXCEPT, Condition, Permission, compared
from iotgen.review.target import Target, Targets
from iotgen.terraform.plan import Action, Change

_ROLE_POLICY = "aws_iam_role_policy"
_ROLE = "aws_iam_role"
_DEVICE_POLICY = "aws_iot_policy"


@dataclass(frozen=True)
class Difference:
    """Actions on one resource that somebody gains or loses.

    `subject` has the role or the policy at `address`, which the plan does `action` to; `holder` is who gains
    or loses. `target` is what the spec has for the `resource`. `line` is that of the grant, 0 without one.
    `wide` if a wildcard gives more than the spec asks for, or anybody gains it; `statement` is the id of the
    statement of a function that asks for it. `denied` if the actions are denied rather than
    allowed. `otherwise` are the conditions under which the same was allowed before, or still is.
    """

    subject: Owner
    address: str
    action: Action
    holder: str
    gains: bool
    denied: bool
    actions: tuple[str, ...]
    resource: str
    target: Target | None
    conditions: tuple[Condition, ...]
    line: int
    otherwise: tuple[Condition, ...]
    wide: bool
    statement: str

    @property
    def widens(self) -> bool:
        """Whether more is allowed than before."""
        return self.gains is not self.denied

    @property
    def of_role(self) -> bool:
        """Whether it is what a role may do."""
        return self.address.startswith((f"{_ROLE_POLICY}.", f"{ATTACHMENT}."))

    @property
    def of_interest(self) -> bool:
        """Whether it is what a role may do, or differs in something that was there before."""
        return self.of_role or self.action is not Action.CREATE

    @property
    def place(self) -> str:
        """The file and line of the grant."""
        return f"{self.subject.file}:{self.line}" if self.line else ""


@dataclass(frozen=True)
class Unclear:
    """A policy whose permissions cannot be compared, and why."""

    subject: Owner
    address: str
    action: Action
    why: str

    @property
    def of_role(self) -> bool:
        """Whether it is what a role may do."""
        return self.address.startswith(f"{_ROLE_POLICY}.")


@dataclass(frozen=True)
class Permissions:
    """How the permissions differ, and which policies cannot be compared."""

    differences: tuple[Difference, ...] = ()
    unclear: tuple[Unclear, ...] = ()

    @property
    def addresses(self) -> frozenset[str]:
        """The resources whose policies give other permissions, or may."""
        return frozenset([one.address for one in self.differences] + [one.address for one in self.unclear])


class Comparison:
    """Compares the permissions of changes with what a pipeline's functions ask for."""

    def __init__(self, pipeline: Pipeline, owners: Owners, targets: Targets) -> None:
        self._functions = {function.path: function for function in pipeline.all(Function)}
        self._permitted = {one.path: one for one in permitted(pipeline)}
        self._devices = {group.path: group for group in pipeline.all(DeviceGroup)}
        self._owners = owners
        self._targets = targets

    def of(self, changes: Iterable[Change]) -> Permissions:
        """The differences that changes make, those that widen first."""
        found: list[Difference] = []
        unclear: list[Unclear] = []
        for change in changes:
            for one in held(change):
                if one.unclear:
                    subject = self._owners.of(change.address)
                    unclear.append(Unclear(subject, change.address, change.action, one.unclear))
                else:
                    found += self._differences(change, one)
        return Permissions(tuple(sorted(found, key=_order)), tuple(unclear))

    def _differences(self, change: Change, policies: Held) -> Iterator[Difference]:
        gained, lost = compared(policies.before, policies.after)
        for gains, permissions, others in ((True, gained, policies.before), (False, lost, policies.after)):
            for one, actions in _alike(permissions):
                yield self._difference(change, one, actions, _otherwise(one, actions, others), gains)

    def _difference(
        self,
        change: Change,
        one: Permission,
        actions: tuple[str, ...],
        otherwise: tuple[Condition, ...],
        gains: bool,
    ) -> Difference:
        subject = self._owners.of(change.address)
        target = Target(subject) if change.type == METHOD else self._target(one)
        function = self._functions.get(subject.path) if change.type == _ROLE_POLICY else None
        asked = [own.sid for own in self._own_statements(change, subject) if _like(own, one, actions)]
        path = _asks(function, target, actions) if function and gains and asked else ()
        if change.type == ATTACHMENT and gains and asked:
            path = self._attached(subject, one)
        return Difference(
            subject=subject,
            address=change.address,
            action=change.action,
            holder=_holder(change, subject, one),
            gains=gains,
            denied=one.deny,
            actions=actions,
            resource=one.resource,
            target=target,
            conditions=tuple(sorted(one.conditions)),
            otherwise=otherwise,
            line=self._owners.line(path) if path else 0,
            wide=gains and not one.deny and not self._is_asked(change, subject, one, actions),
            statement=asked[0] if asked else "",
        )

    def _is_asked(self, change: Change, subject: Owner, one: Permission, actions: tuple[str, ...]) -> bool:
        """Whether the spec asks for each of the actions, or they are not more than it may ask for."""
        own = self._own_statements(change, subject)
        every = bool(own) and all(any(_like(each, one, (action,)) for each in own) for action in actions)
        return every or _is_new(change) or not _wide(one, actions)

    def _attached(self, subject: Owner, one: Permission) -> Path:
        """Where the spec has a managed policy."""
        policies = self._permitted[subject.path].managed
        return next(policy.path for policy in policies if re.fullmatch(_pattern(policy.arn), one.resource))

    def _own_statements(self, change: Change, subject: Owner) -> tuple[Statement, ...]:
        """What the spec asks for by the policy of a function or a group of devices."""
        if change.type == _ROLE_POLICY and subject.path in self._permitted:
            return self._permitted[subject.path].statements
        if change.type == ATTACHMENT and subject.path in self._permitted:
            return tuple(
                Statement("", (ATTACHED,), (one.arn,)) for one in self._permitted[subject.path].managed
            )
        if change.type == _DEVICE_POLICY and subject.path in self._devices:
            return self._devices[subject.path].statements
        return ()

    def _target(self, one: Permission) -> Target | None:
        """What a permission is on; a key's is on what it may decrypt."""
        values = [value for _, _, values in sorted(one.conditions) for value in values]
        for arn in (one.resource, *(value for value in values if value.startswith("arn:"))):
            if target := self._targets.of(arn):
                return target
        return None


def _is_new(change: Change) -> bool:
    """Whether an endpoint is new: that anyone may call it is what the spec asks for."""
    return change.type == METHOD and change.action is Action.CREATE


def _order(one: Difference) -> tuple[bool, bool, tuple[int, int], str, str]:
    return not one.wide, not one.widens, one.subject.order, one.holder, one.resource


def _holder(change: Change, subject: Owner, one: Permission) -> str:
    """Who has a permission: a function, a principal, or whoever a policy is attached to."""
    if one.principal:
        return "everyone" if one.principal == "*" else one.principal
    if change.type in (_ROLE_POLICY, ATTACHMENT, _ROLE):
        return subject.key
    return f"the {noun_of(change.type)} of {subject.title}"


def _asks(function: Function, target: Target | None, actions: tuple[str, ...]) -> Path:
    """The path in the spec of the grant or trigger of a function that asks for actions on a target."""
    if target is None:
        return ()
    named = target.owner.path[:2]
    for grant in function.grants:
        if (grant.section, grant.key) == named:
            granted = {action for verb in grant.verbs for action in grant.access.verbs[verb].actions}
            if granted & set(actions) or not _triggers(function, named):
                return grant.path
    return next(iter(_triggers(function, named)), ())


def _triggers(function: Function, named: Path) -> list[Path]:
    return [trigger.path for trigger in function.triggers if trigger.resource == named]


def _alike(permissions: Iterable[Permission]) -> Iterator[tuple[Permission, tuple[str, ...]]]:
    """The permissions that differ in their action only, with all actions."""
    actions: dict[Permission, list[str]] = defaultdict(list)
    for one in permissions:
        actions[replace(one, action="")].append(one.action)
    for rest, names in actions.items():
        yield rest, tuple(sorted(names))


def _otherwise(
    one: Permission, actions: tuple[str, ...], others: Iterable[Permission]
) -> tuple[Condition, ...]:
    """The conditions under which others allow one of the actions on the same resource."""
    conditions = {
        condition
        for other in others
        if other.action in actions and replace(other, action="", conditions=one.conditions) == one
        for condition in other.conditions
    }
    return tuple(sorted(conditions))


def _wide(one: Permission, actions: tuple[str, ...]) -> bool:
    """Whether a permission has a wildcard, is everybody's, or is in a policy that no plan shows."""
    if one.principal:
        return one.principal == "*" and not one.conditions
    texts = (one.resource, *actions)
    return ATTACHED in actions or any("*" in text or "?" in text or text.startswith(EXCEPT) for text in texts)


def _like(statement: Statement, one: Permission, actions: tuple[str, ...]) -> bool:
    """Whether a statement that the spec asks for allows this, under conditions on the same keys."""
    return (
        not one.deny
        and set(actions) <= set(statement.actions)
        and {key for _, key, _ in statement.conditions} == {key for _, key, _ in one.conditions}
        and any(re.fullmatch(_pattern(arn), one.resource) for arn in statement.resources)
    )


def _pattern(expression: Expression | str) -> str:
    """The texts that an expression may have: what it refers to has no wildcard."""
    if isinstance(expression, str):
        return re.escape(expression)
    if isinstance(expression, Reference):
        return r"arn:[^*]*"
    return "".join(re.escape(part) if isinstance(part, str) else r"[^:*]*" for part in expression.parts)
