"""What a saved plan would do, as data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class PlanSummary:
    """The addresses of the resources that a plan touches, each in one list, sorted.

    `replace` are destroyed and made anew; `outputs` names the outputs whose values change. `fresh` when
    nothing was there before.
    """

    add: tuple[str, ...] = ()
    change: tuple[str, ...] = ()
    destroy: tuple[str, ...] = ()
    replace: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    fresh: bool = False

    @property
    def empty(self) -> bool:
        """Whether the plan changes nothing at all."""
        return not (self.add or self.change or self.destroy or self.replace or self.outputs)


@dataclass(frozen=True)
class Plan:
    """A saved plan: what `apply` will do, and nothing else.

    `path` holds secrets in plain and is removed when its `with` block ends.
    """

    path: Path
    changes: bool
    destroy: bool


_LIST_OF = {
    ("create",): "add",
    ("update",): "change",
    ("delete",): "destroy",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace",
}


def summarize(shown: Mapping[str, Any]) -> PlanSummary:
    """Return the summary of a plan as `terraform show -json` gives it."""
    lists: dict[str, list[str]] = {name: [] for name in ("add", "change", "destroy", "replace")}
    for resource in shown.get("resource_changes", []):
        if name := _LIST_OF.get(tuple(resource["change"]["actions"])):
            lists[name].append(resource["address"])
    outputs = [
        name for name, change in shown.get("output_changes", {}).items() if change["actions"] != ["no-op"]
    ]
    return PlanSummary(
        **{name: tuple(sorted(addresses)) for name, addresses in lists.items()},
        outputs=tuple(sorted(outputs)),
        fresh=not any(resource["mode"] == "managed" for resource in _prior(shown)),
    )


def attributes(shown: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The attributes of each managed resource that a plan began with, by its address."""
    return {
        resource["address"]: resource["values"] for resource in _prior(shown) if resource["mode"] == "managed"
    }


def _prior(shown: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Each resource of the state that the plan began with."""
    modules = [shown.get("prior_state", {}).get("values", {}).get("root_module", {})]
    while modules:
        module = modules.pop()
        yield from module.get("resources", ())
        modules += module.get("child_modules", ())
