"""The resources that a plan destroys, and AWS refuses to: half of it would be gone by then."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from iotgen.kinds import KINDS
from iotgen.kinds.holding import key_of
from iotgen.terraform.plan import Change


@dataclass(frozen=True)
class Refused:
    """A resource of the spec that AWS refuses to destroy by a setting."""

    noun: str
    key: str
    setting: str

    @property
    def words(self) -> str:
        """The resource and the setting."""
        return f"the {self.noun} `{self.key}` has `{self.setting}`"


def refusals(changes: Iterable[Change]) -> tuple[Refused, ...]:
    """What of a plan with these changes AWS refuses, sorted by kind and key."""
    found = {one for change in changes if "delete" in change.actions for one in _refusals(change)}
    return tuple(sorted(found, key=lambda one: (one.noun, one.key)))


def _refusals(change: Change) -> Iterator[Refused]:
    for kind in KINDS:
        refusal = kind.refuses
        if refusal and refusal.type == change.type and refusal.when(change.before or {}):
            yield Refused(kind.noun, key_of(kind, change.label), refusal.setting)


def refusal(refused: tuple[Refused, ...], *, whole: bool) -> tuple[str, str]:
    """Why a plan fails, and what to do first; `whole` if it destroys the environment."""
    message = f"AWS refuses to destroy what this would: {' and '.join(one.words for one in refused)}"
    settings = " and ".join(dict.fromkeys(f"`{one.setting}: false`" for one in refused))
    if whole:
        return message, f"Set {settings} there, run `iotgen apply`, then repeat this command."
    return message, f"Keep it in the spec with {settings}, run `iotgen apply`, then remove it."
