"""How far an apply is: a line for each kind, with what takes long and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from iotgen.kinds import KINDS
from iotgen.model.plural import plural
from iotgen.review.owner import Owner
from iotgen.review.review import Review
from iotgen.terraform.plan import Action
from iotgen.terraform.stream import Stage, Step

_SECTIONS = {kind.address: kind.section for kind in KINDS}
_WAITS: Mapping[str, str] = {type_: why for kind in KINDS for type_, why in kind.waits.items()}
# How many steps each action takes.
_STEPS = {Action.CREATE: 1, Action.UPDATE: 1, Action.DESTROY: 1, Action.REPLACE: 2}


@dataclass
class Line:
    """How many steps of a kind are done, since when it takes, and why it takes long."""

    kind: str
    total: int
    done: int = 0
    started: float | None = None
    seconds: float = 0
    why: str = ""

    @property
    def finished(self) -> bool:
        """Whether all steps are done."""
        return self.done >= self.total

    @property
    def text(self) -> str:
        """The line."""
        time = f"  {self.seconds:.0f} s" if self.seconds >= 1 else ""
        why = f": {self.why}" if self.why and time else ""
        return f"{self.kind} {self.done}/{self.total}{time}{why}"


class Progress:
    """Counts the steps of an apply, by kind; `clock` gives seconds."""

    def __init__(self, review: Review, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lines: dict[str, Line] = {}
        self._kinds: dict[str, str] = {}
        for group in review.groups:
            for item in group.items:
                kind = self._kinds[item.address] = _kind(item.address, group.owner)
                self._lines.setdefault(kind, Line(kind, 0)).total += _STEPS.get(item.action, 0)

    @property
    def lines(self) -> tuple[Line, ...]:
        """A line for each kind that has begun, with the time that it takes until now."""
        return tuple(self._timed(line) for line in self._lines.values() if line.started is not None)

    def take(self, step: Step) -> Line | None:
        """Count a step; returns the line of its kind, None if the plan did not have it."""
        line = self._lines.get(self._kinds.get(step.address, ""))
        if line is None:
            return None
        line.started = self._clock() if line.started is None else line.started
        self._timed(line)
        line.done += step.stage is Stage.COMPLETE
        if step.stage is Stage.PROGRESS:
            line.why = _WAITS.get(step.type, line.why)
        return line

    def _timed(self, line: Line) -> Line:
        if not line.finished and line.started is not None:
            line.seconds = self._clock() - line.started
        return line


def _kind(address: str, owner: Owner) -> str:
    """The section of a resource's own kind, or else of what it belongs to."""
    type_ = address.partition(".")[0]
    if type_ in _SECTIONS and owner.path:
        return _SECTIONS[type_]
    return str(owner.path[0]) if owner.path else plural(2, owner.noun).partition(" ")[2]
