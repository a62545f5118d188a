"""A snapshot for people, on one screen, and for programs, as an object."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from iotgen.model.alarm import Alarm
from iotgen.model.status import Value
from iotgen.operate.logs.times import rfc_3339
from iotgen.operate.status.alarms import ALARM, AlarmState
from iotgen.operate.status.collect import Cell, Row, Section, Snapshot
from iotgen.visible import visible

# Colours a text: `title`, `good`, `bad`, or `dim`.
Paint = Callable[[str, str], str]
Place = Callable[[Alarm], str]

# Of a section, and of the alarms that are on: the others are counted.
MOST_ROWS = 12
_UNITS = ((86_400, "d"), (3600, "h"), (60, "m"), (1, "s"))
_SMALL = 10


def unpainted(text: str, _part: str) -> str:
    """The text as it is."""
    return text


@dataclass(frozen=True)
class Screen:
    """How a snapshot is written: with the `place` of an alarm in the spec, and `most` rows of a section."""

    place: Place
    paint: Paint = unpainted
    most: int = MOST_ROWS

    def lines(self, snapshot: Snapshot) -> Iterator[str]:
        """The sections, each with a line for each resource, and the alarms."""
        now = datetime.fromtimestamp(snapshot.time / 1000, UTC)
        for section in snapshot.sections:
            yield from self._section(section, now)
            yield ""
        yield from self._alarms(snapshot.alarms, now)

    def _section(self, section: Section, now: datetime) -> Iterator[str]:
        rows, hidden = _chosen(section.rows, self.most)
        texts = [[_text(cell, now) for cell in row.cells] for row in rows]
        width = max(len(section.title), *(len(row.key) for row in rows))
        widths = [
            max(len(column), *(len(text[index]) for text in texts))
            for index, column in enumerate(section.columns)
        ]
        heads = (f"{column:>{size}}" for column, size in zip(section.columns, widths, strict=True))
        yield self.paint(f"{section.title:{width}}  {'  '.join(heads)}", "title")
        for row, text in zip(rows, texts, strict=True):
            yield from self._row(row, text, width, widths)
        if hidden:
            yield self.paint(f"and {hidden} more: `--format json` has all", "dim")

    def _row(self, row: Row, texts: Sequence[str], width: int, widths: Sequence[int]) -> Iterator[str]:
        if not row.deployed:
            yield f"{row.key:{width}}  {self.paint('not deployed', 'bad')}"
            return
        cells = (
            self.paint(f"{text:>{size}}", "bad") if cell.alarming else f"{text:>{size}}"
            for cell, text, size in zip(row.cells, texts, widths, strict=True)
        )
        yield f"{row.key:{width}}  {'  '.join(cells)}"
        for name, value in row.more.items():
            yield f"  {name} {visible(str(value))}"

    def _alarms(self, alarms: Sequence[AlarmState], now: datetime) -> Iterator[str]:
        if not alarms:
            yield f"{self.paint('alarms', 'title')}  none"
            return
        states = dict.fromkeys([ALARM, *(one.state for one in alarms)])
        counts = [(state, sum(one.state == state for one in alarms)) for state in states]
        texts = [self._count(state, number) for state, number in counts]
        yield f"{self.paint('alarms', 'title')}  {', '.join(texts)}"
        on = [one for one in alarms if one.state == ALARM]
        width = max((len(one.alarm.key) for one in on), default=0)
        for one in on[: self.most]:
            since = f" since {_ago(one.since, now)}" if one.since else ""
            yield f"{self.paint(f'{one.alarm.key:{width}}', 'bad')}  on{since}  {self.place(one.alarm)}"
        if len(on) > self.most:
            yield self.paint(f"and {len(on) - self.most} more: `--format json` has all", "dim")

    def _count(self, state: str, number: int) -> str:
        return self.paint(f"{number} {state}", "bad" if state == ALARM and number else "")


def as_object(snapshot: Snapshot, place: Place) -> dict[str, Any]:
    """A snapshot as JSON writes it."""
    return {
        "time": rfc_3339(snapshot.time),
        "sections": {
            section.title: {row.key: _row_object(section, row) for row in section.rows}
            for section in snapshot.sections
        },
        "alarms": [
            {
                "key": one.alarm.key,
                "name": one.alarm.name,
                "state": one.state,
                "since": one.since and one.since.isoformat(),
                "reason": one.reason,
                "place": place(one.alarm),
            }
            for one in snapshot.alarms
        ],
    }


def _row_object(section: Section, row: Row) -> dict[str, Any]:
    cells = {column: cell.value for column, cell in zip(section.columns, row.cells, strict=True)}
    values = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in (cells | dict(row.more)).items()
    }
    return {"deployed": row.deployed, **values}


def _chosen(rows: Sequence[Row], most: int) -> tuple[Sequence[Row], int]:
    """The rows to show, in their order; of too many, those with something bad, and the busiest."""
    if len(rows) <= most:
        return rows, 0
    ranked = sorted(rows, key=_urgency, reverse=True)[:most]
    return [row for row in rows if row in ranked], len(rows) - most


def _urgency(row: Row) -> tuple[bool, bool, float]:
    first = row.cells[0].value
    return (
        not row.deployed,
        any(cell.alarming for cell in row.cells),
        first if isinstance(first, int | float) else 0,
    )


def _text(cell: Cell, now: datetime) -> str:
    return "-" if cell.value is None else _value(cell.value, now)


def _value(value: Value, now: datetime) -> str:
    if isinstance(value, datetime):
        return _ago(value, now)
    if isinstance(value, str):
        return visible(value)
    return f"{value:,.1f}" if 0 < value < _SMALL and value % 1 else f"{value:,.0f}"


def _ago(then: datetime, now: datetime) -> str:
    """How long ago a time was, in its largest unit: `5m ago`."""
    seconds = max(0, int((now - then).total_seconds()))
    length, unit = next((one for one in _UNITS if seconds >= one[0]), (1, "s"))
    return f"{seconds // length}{unit} ago"
