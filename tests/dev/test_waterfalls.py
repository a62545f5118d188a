"""Readings are drawn once nothing more is said of them, and few at a time."""

from dataclasses import dataclass, field

from iotgen.dev.waterfalls import MOST, MOST_DRAWN, PATIENCE, QUIET, Waterfalls
from iotgen.operate.logs.line import Line
from iotgen.operate.trace.data import Trace

NOW = 1_700_000_000_000


@dataclass
class Traces:
    """Traces of readings, of which some wait in a queue; `asked` has the ids and the times from which."""

    waiting: set[str] = field(default_factory=set)
    asked: list[tuple[tuple[str, ...], int]] = field(default_factory=list)

    def __call__(self, ids: tuple[str, ...], first: int) -> tuple[Trace, ...]:
        self.asked.append((ids, first))
        queues = {id: ("a queue",) if id in self.waiting else () for id in ids}
        return tuple(Trace(id, (), (), queues[id], (), "") for id in ids)


def line(*ids: str, time: int = NOW) -> Line:
    return Line(time, "f", "INFO", "invocation", {"readings": {"d-1": list(ids)}})


def drawn(readings: Waterfalls, now: int) -> list[str]:
    return [trace.id for trace in readings.drawn(now)]


def test_a_reading_is_drawn_once_after_the_last_line_that_names_it() -> None:
    traces = Traces()
    readings = Waterfalls(traces)
    readings.note(line("e-1"), NOW)
    readings.note(line("e-1", time=NOW + 900), NOW + 1000)
    assert drawn(readings, NOW + QUIET) == []
    assert drawn(readings, NOW + 1000 + QUIET) == ["e-1"]
    assert drawn(readings, NOW + 9 * QUIET) == []
    assert traces.asked == [(("e-1",), NOW)]


def test_one_that_waits_in_a_queue_is_asked_for_again_for_a_while() -> None:
    traces = Traces(waiting={"e-1", "e-2"})
    readings = Waterfalls(traces)
    readings.note(line("e-1", "e-2"), NOW)
    assert drawn(readings, NOW + QUIET) == []
    traces.waiting = {"e-2"}
    assert drawn(readings, NOW + 2 * QUIET) == ["e-1"]
    assert drawn(readings, NOW + PATIENCE) == ["e-2"]


def test_of_a_load_few_are_drawn_and_the_others_counted_once_all_have_settled() -> None:
    readings = Waterfalls(Traces())
    readings.note(line(*(f"e-{number}" for number in range(MOST + 500))), NOW)
    readings.note(line("late"), NOW + QUIET)
    assert drawn(readings, NOW + QUIET) == [f"e-{number}" for number in range(MOST_DRAWN)]
    assert readings.undrawn() == MOST + 501 - MOST_DRAWN
    assert readings.undrawn() == 0


def test_lines_without_readings_say_nothing() -> None:
    traces = Traces()
    readings = Waterfalls(traces)
    readings.note(Line(NOW, "f", "INFO", "x", {"readings": 3, "rejected_readings": {"d": [4]}}), NOW)
    assert drawn(readings, NOW + QUIET) == []
    assert traces.asked == []
