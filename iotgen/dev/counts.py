"""The numbers of an environment while it is watched: messages that wait, dead letters, rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from iotgen.operate.status.collect import Facts

# A resource's section and key, and the column of the number.
Name = tuple[str, str, str]


@dataclass(frozen=True)
class Count:
    """A number that has changed, or is seen for the first time; a `bad` one should be zero."""

    section: str
    key: str
    column: str
    before: float
    now: float
    bad: bool

    @property
    def text(self) -> str:
        """The number and by how much it differs from the one before."""
        return f"{self.key} {self.column} {self.now:g} ({self.now - self.before:+g})"


def numbers(facts: Mapping[tuple[str, str], Facts | None]) -> dict[Name, tuple[float, bool]]:
    """The numbers among the facts of resources, and whether each should be zero."""
    return dict(_numbers(facts))


def _numbers(facts: Mapping[tuple[str, str], Facts | None]) -> Iterator[tuple[Name, tuple[float, bool]]]:
    for (section, key), found in facts.items():
        for column, cell in (found or {}).items():
            if isinstance(cell.value, float | int):
                yield (section, key, column), (cell.value, cell.bad)


def changed(
    before: Mapping[Name, tuple[float, bool]], now: Mapping[Name, tuple[float, bool]]
) -> Iterator[Count]:
    """The numbers that differ; one that was not there before was zero."""
    for name, (value, bad) in now.items():
        earlier = before.get(name, (0, bad))[0]
        if value != earlier:
            yield Count(*name, before=earlier, now=value, bad=bad)
