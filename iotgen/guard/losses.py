"""The resources that a plan destroys, of the kinds that hold something."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from iotgen.kinds.holding import holding, key_of
from iotgen.model.contents import Look
from iotgen.model.kind import AnyKind
from iotgen.terraform.plan import Change

_Deployed = tuple[Change, AnyKind]


@dataclass(frozen=True)
class Loss:
    """A resource that a plan destroys: the `name` by which a user allows it, and how to see what it holds."""

    name: str
    noun: str
    change: Change
    look: Look

    @property
    def replaced(self) -> bool:
        """Whether an empty one takes its place."""
        return "create" in self.change.actions


def losses(changes: Iterable[Change]) -> tuple[Loss, ...]:
    """What a plan with these changes destroys, sorted by name."""
    there = (change for change in changes if change.before is not None)
    deployed = [(change, kind) for change in there if (kind := holding(change.type, change.label))]
    names = _names(deployed)
    return tuple(sorted(_losses(deployed, names), key=lambda loss: (loss.name, loss.change.address)))


def _losses(deployed: Iterable[_Deployed], names: dict[str, str]) -> Iterator[Loss]:
    for change, kind in deployed:
        if "delete" in change.actions and kind.contents:
            yield Loss(names[change.address], kind.noun, change, kind.contents)


def _names(deployed: Iterable[_Deployed]) -> dict[str, str]:
    """A name for each address: its key, with its section where two have the same."""
    sharing: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for change, kind in deployed:
        sharing[_key(change, kind)][change.address] = kind.section
    return {
        address: key if len(sections) == 1 else f"{section}.{key}"
        for key, sections in sharing.items()
        for address, section in sections.items()
    }


def _key(change: Change, kind: AnyKind) -> str:
    """The key in the spec, or the address of what the spec has no key for."""
    if change.address != f"{change.type}.{change.label}":
        return change.address
    return key_of(kind, change.label)
