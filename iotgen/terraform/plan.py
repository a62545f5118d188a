"""Saved plans and their changes.

The form is Terraform's own: https://developer.hashicorp.com/terraform/internals/json-format#change-representation
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

# The steps from a resource to one of its values.
Steps = tuple[str | int, ...]


class Action(StrEnum):
    """What a plan does to a resource; `FORGET` leaves it on AWS and out of the state."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DESTROY = "destroy"
    FORGET = "forget"
    NONE = "none"


_ACTIONS = {
    ("create",): Action.CREATE,
    ("update",): Action.UPDATE,
    ("delete",): Action.DESTROY,
    ("delete", "create"): Action.REPLACE,
    ("create", "delete"): Action.REPLACE,
    # The former object stays on AWS, and nothing of it in the state.
    ("create", "forget"): Action.REPLACE,
    ("forget",): Action.FORGET,
}


@dataclass(frozen=True, kw_only=True)
class Change:
    """What a plan does to one resource, or what differs on AWS from the state.

    `label` is its Terraform name; `actions` are as Terraform names them, `action` sums them up. `before` and
    `after` are its attributes, None where it is not there; both may hold secrets, so they are not in the
    `repr`. `after_unknown`, `before_sensitive` and `after_sensitive` have the same form with true in place
    of values, or are true or false as a whole. `replace_paths` lead to the attributes that force a
    replacement. `reason` is Terraform's word for why it is replaced or destroyed. `previous_address` is set
    if it moves. `deposed` is an old object that a replacement left behind. `configured` has true for each
    setting that the configuration has, in the form of the attributes, or is true as a whole if unknown.
    """

    address: str
    type: str
    label: str
    actions: tuple[str, ...]
    before: Mapping[str, Any] | None = field(default=None, repr=False)
    after: Mapping[str, Any] | None = field(default=None, repr=False)
    after_unknown: Any = False
    before_sensitive: Any = False
    after_sensitive: Any = False
    replace_paths: tuple[Steps, ...] = ()
    reason: str = ""
    previous_address: str | None = None
    deposed: bool = False
    configured: Any = True

    @property
    def action(self) -> Action:
        """The actions in one word."""
        return _ACTIONS.get(self.actions, Action.NONE)

    @classmethod
    def of(cls, data: Mapping[str, Any], configured: Any = True) -> "Change":
        """The change as Terraform's JSON has it."""
        change = data["change"]
        return cls(
            address=data["address"],
            type=data.get("type", data["address"].split(".")[0]),
            label=data.get("name", data["address"].split(".")[-1]),
            actions=tuple(change["actions"]),
            before=change.get("before"),
            after=change.get("after"),
            after_unknown=change.get("after_unknown", False),
            before_sensitive=change.get("before_sensitive", False),
            after_sensitive=change.get("after_sensitive", False),
            replace_paths=tuple(tuple(path) for path in change.get("replace_paths", ())),
            reason=data.get("action_reason", ""),
            previous_address=data.get("previous_address"),
            deposed="deposed" in data,
            configured=configured,
        )


@dataclass(frozen=True, kw_only=True)
class Contents:
    """All that a plan holds.

    `changes` has each managed resource, untouched ones too; `drift` what differs on AWS from the state that
    the last apply left; `outputs` the outputs whose values change. `deployed` are the attributes of each
    resource that the plan began with, by address.
    """

    changes: tuple[Change, ...] = ()
    drift: tuple[Change, ...] = ()
    outputs: tuple[str, ...] = ()
    deployed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, shown: Mapping[str, Any]) -> "Contents":
        """The contents of a plan as `terraform show -json` gives it."""
        outputs = shown.get("output_changes", {}).items()
        configured = _configuration(shown)
        return cls(
            changes=_managed(shown.get("resource_changes", ()), configured),
            drift=_managed(shown.get("resource_drift", ()), configured),
            outputs=tuple(sorted(name for name, change in outputs if change["actions"] != ["no-op"])),
            deployed=attributes(shown),
        )

    @property
    def fresh(self) -> bool:
        """Whether nothing was there before."""
        return not self.deployed

    def addresses(self, action: Action) -> tuple[str, ...]:
        """The addresses of the resources that an action is planned for, sorted."""
        return tuple(sorted(change.address for change in self.changes if change.action is action))


@dataclass(frozen=True)
class PlanSummary:
    """The addresses of the resources that a plan changes, each in one list, sorted.

    Those in `replace` are destroyed and created again; `outputs` are the names of changed outputs. `fresh` is
    whether nothing was deployed before.
    """

    add: tuple[str, ...] = ()
    change: tuple[str, ...] = ()
    destroy: tuple[str, ...] = ()
    replace: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    fresh: bool = False

    @classmethod
    def of(cls, contents: Contents) -> "PlanSummary":
        """The summary of a plan."""
        return cls(
            add=contents.addresses(Action.CREATE),
            change=contents.addresses(Action.UPDATE),
            destroy=contents.addresses(Action.DESTROY),
            replace=contents.addresses(Action.REPLACE),
            outputs=contents.outputs,
            fresh=contents.fresh,
        )

    @property
    def empty(self) -> bool:
        """Whether the plan changes nothing."""
        return not (self.add or self.change or self.destroy or self.replace or self.outputs)


@dataclass(frozen=True)
class Plan:
    """A saved plan, which `apply` carries out exactly.

    The file at `path` has secrets in plain text, and is removed at the end of its `with` block.
    """

    path: Path
    changes: bool
    destroy: bool


def attributes(shown: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The attributes of each managed resource in the prior state of a plan, by address."""
    return {
        resource["address"]: resource["values"] for resource in _prior(shown) if resource["mode"] == "managed"
    }


def without_index(address: str) -> str:
    """The address of the block of a resource, which may make several."""
    return re.sub(r"\[[^]]*\]$", "", address)


def _managed(changes: Any, configured: Mapping[str, Any]) -> tuple[Change, ...]:
    """The changes of resources; reads of data sources change nothing."""
    return tuple(
        Change.of(change, configured.get(without_index(change["address"]), True))
        for change in changes
        if change.get("mode", "managed") == "managed"
    )


def _configuration(shown: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that the configuration has of each resource of the root module, without their values."""
    resources = shown.get("configuration", {}).get("root_module", {}).get("resources", ())
    return {resource["address"]: _written(resource.get("expressions", {})) for resource in resources}


def _written(expression: Any) -> Any:
    if isinstance(expression, list):
        return [_written(block) for block in expression]
    if "constant_value" in expression or isinstance(expression.get("references"), list):
        return True
    return {name: _written(inner) for name, inner in expression.items()}


def _prior(shown: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Each resource in the prior state of a plan."""
    modules = [shown.get("prior_state", {}).get("values", {}).get("root_module", {})]
    while modules:
        module = modules.pop()
        yield from module.get("resources", ())
        modules += module.get("child_modules", ())
