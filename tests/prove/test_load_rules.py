"""The rules of `check` that compute capacity agree with a load in the simulator: where they warn, it fails.

Each scenario is what the rule is about: requests at the full rate of the API, or queues with a backlog.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest

from iotgen.checks import RULES
from iotgen.errors import UsageError
from iotgen.kinds.functions import UNRESERVED, Function
from iotgen.prove.kernel import SECOND
from iotgen.prove.load import Entry, Plant, Timing, entry_of, plant_of
from iotgen.prove.load.run import Arrivals, Run
from iotgen.prove.load.timing import steady
from iotgen.prove.shaping import shape_of

if TYPE_CHECKING:
    from tests.conftest import Compile, Compiled

_RAMP, _SECONDS = 5.0, 60.0
# So many seconds of a call, as a share of what a rule says that is too long: chance makes some calls meet.
_SHORT, _LONG = 0.5, 1.25
# Rules compute with means. By chance one call in some hundreds finds even a function busy that is half idle.
_ONE_IN = 100


def _compiled(compile_spec: Compile, text: str) -> Compiled:
    return compile_spec("version: 1\npipeline: p\n" + text, rules=RULES)


def _fires(compiled: Compiled, code: str) -> bool:
    return any(problem.code == code for problem in compiled.problems)


def _plant(compiled: Compiled, timings: Mapping[str, Timing]) -> Plant:
    assert compiled.pipeline
    shape = shape_of(compiled.pipeline, {one.key: () for one in compiled.pipeline.all(Function)})
    return plant_of(compiled.pipeline, shape, timings)


def _requests(plant: Plant) -> tuple[Arrivals, ...]:
    """Requests at the full rate of each endpoint."""
    return tuple(
        Arrivals(Entry(one.path, endpoint=one), plant.throttles[one.path].rate)
        for one in plant.shape.endpoints
    )


def _carries(plant: Plant, arrivals: tuple[Arrivals, ...], backlog: int = 0) -> bool:
    """Whether Lambda throttles next to nothing, while each queue has a backlog."""
    run = Run(plant, arrivals, seed=1)
    for queue in run.queues.values():
        queue.pollers = queue.most
        for _ in range(backlog):
            queue.add(0.0, 1)
    notes = run.run(_SECONDS, _RAMP)
    throttled = sum(often for what, often in notes.throttled.items() if what.startswith("Lambda"))
    return throttled * _ONE_IN <= notes.requests + notes.batches


ENDPOINT = """
functions: {{f: {{source: h, timeout: 20, reserved_concurrency: {reserved}}}}}
api: {{throttle: {{rate: {rate}}}}}
endpoints: {{/a: {{method: POST, function: f}}}}
"""


@pytest.mark.parametrize(
    ("rate", "reserved"), [(300, 20), (300, 29), (300, 30), (300, 60), (50, 2), (50, 5), (50, 50)]
)
def test_iot328_fires_where_the_shortest_requests_are_throttled(
    rate: int, reserved: int, compile_spec: Compile
) -> None:
    compiled = _compiled(compile_spec, ENDPOINT.format(rate=rate, reserved=reserved))
    plant = _plant(compiled, {"f": steady(0.005)})
    assert _fires(compiled, "IOT328") is not _carries(plant, _requests(plant))


@pytest.mark.parametrize(("rate", "reserved"), [(200, 20), (200, 60), (100, 50), (40, 30)])
def test_iot327_says_how_long_calls_may_take(rate: int, reserved: int, compile_spec: Compile) -> None:
    compiled = _compiled(compile_spec, ENDPOINT.format(rate=rate, reserved=reserved))
    seconds = _limit(compiled)
    short, long = (_plant(compiled, {"f": steady(seconds * share)}) for share in (_SHORT, _LONG))
    assert _carries(short, _requests(short))
    assert not _carries(long, _requests(long))


@pytest.mark.parametrize(("rate", "reserved"), [(20, 20), (20, 40), (5, 10)])
def test_without_iot327_calls_may_take_most_of_a_second(
    rate: int, reserved: int, compile_spec: Compile
) -> None:
    compiled = _compiled(compile_spec, ENDPOINT.format(rate=rate, reserved=reserved))
    assert not _fires(compiled, "IOT327")
    plant = _plant(compiled, {"f": steady(_SHORT)})
    assert _carries(plant, _requests(plant))


SHARED = """
queues: {q: {}}
functions:
  f: {source: h, timeout: 20, reserved_concurrency: 40, triggers: [{queue: q, max_concurrency: 20}]}
api: {throttle: {rate: 100}}
endpoints: {/a: {method: POST, function: f}}
"""


def test_iot327_leaves_the_queue_its_share(compile_spec: Compile) -> None:
    compiled = _compiled(compile_spec, SHARED)
    seconds = _limit(compiled)
    assert seconds == pytest.approx(0.2)
    for share, holds in ((_SHORT, True), (_LONG, False)):
        # Batches of ten take as long as a second, and the queue's share is busy all the time.
        plant = _plant(compiled, {"f": Timing((1, 2), ((seconds * share,), (1.0,)))})
        assert _carries(plant, _requests(plant), backlog=20_000) is holds


@pytest.mark.parametrize("reserved", [0, 1])
def test_iot325_fires_where_nothing_runs(reserved: int, compile_spec: Compile) -> None:
    compiled = _compiled(compile_spec, ENDPOINT.format(rate=1, reserved=reserved))
    plant = _plant(compiled, {"f": steady(0.02)})
    arrivals = tuple(Arrivals(one.entry, 0.2) for one in _requests(plant))
    assert _fires(compiled, "IOT325") is not _carries(plant, arrivals)


@pytest.mark.parametrize("endpoints", ["{}", "{/a: {method: POST, function: f}}"])
def test_iot326_fires_where_nothing_arrives(endpoints: str, compile_spec: Compile) -> None:
    compiled = _compiled(compile_spec, f"functions: {{f: {{source: h}}}}\nendpoints: {endpoints}")
    plant = _plant(compiled, {})
    assert compiled.pipeline
    arrives = True
    try:
        entry_of(compiled.pipeline, plant.shape, None)
    except UsageError:
        arrives = False
    assert _fires(compiled, "IOT326") is not arrives


@pytest.mark.parametrize("reserved", [300, 850, 900, 950])
def test_iot323_and_iot324_leave_the_others_what_must_stay_unreserved(
    reserved: int, compile_spec: Compile
) -> None:
    spec = f"functions: {{f: {{source: h, reserved_concurrency: {reserved}}}, g: {{source: h}}}}"
    api = "api: {throttle: {rate: 100}}\nendpoints: {/a: {method: POST, function: g}}"
    compiled = _compiled(compile_spec, f"{spec}\n{api}")
    plant = _plant(compiled, {"g": steady(0.7)})
    assert _fires(compiled, "IOT324") is (plant.unreserved < UNRESERVED)
    assert _fires(compiled, "IOT323") is (plant.unreserved >= UNRESERVED)
    assert _fires(compiled, "IOT324") is not _carries(plant, _requests(plant))


QUEUE = """
queues: {{q: {{}}}}
functions:
  f: {{source: h, timeout: 10, reserved_concurrency: {reserved}, triggers: [{{queue: q, {settings}}}]}}
"""


@pytest.mark.parametrize("most", [5, 10, 11, 20])
def test_iot332_fires_where_batches_are_throttled(most: int, compile_spec: Compile) -> None:
    compiled = _compiled(compile_spec, QUEUE.format(reserved=10, settings=f"max_concurrency: {most}"))
    plant = _plant(compiled, {"f": steady(1.0)})
    assert _fires(compiled, "IOT332") is not _carries(plant, (), backlog=5_000)


@pytest.mark.parametrize(("one", "other"), [(2, 2), (5, 5), (6, 5), (10, 2)])
def test_iot334_fires_where_batches_of_two_queues_are_throttled(
    one: int, other: int, compile_spec: Compile
) -> None:
    triggers = f"[{{queue: q, max_concurrency: {one}}}, {{queue: r, max_concurrency: {other}}}]"
    functions = f"{{f: {{source: h, timeout: 10, reserved_concurrency: 10, triggers: {triggers}}}}}"
    compiled = _compiled(compile_spec, f"queues: {{q: {{}}, r: {{}}}}\nfunctions: {functions}")
    plant = _plant(compiled, {"f": steady(1.0)})
    assert _fires(compiled, "IOT334") is not _carries(plant, (), backlog=5_000)


@pytest.mark.parametrize(("size", "window"), [(10, 0), (11, 0), (100, 0), (11, 1), (100, 5)])
def test_iot331_fires_where_a_batch_never_fills(size: int, window: int, compile_spec: Compile) -> None:
    settings = f"batch_size: {size}, batch_window: {window}"
    compiled = _compiled(compile_spec, QUEUE.format(reserved=10, settings=settings))
    run = Run(_plant(compiled, {"f": steady(0.1)}), (), seed=1)
    for _ in range(20_000):
        run.queues["q"].add(0.0, 1)
    largest = run.run(_RAMP, 0.0).largest
    assert _fires(compiled, "IOT331") is (largest < size)


@pytest.mark.parametrize("triggers", ["[{queue: q}]", "[{queue: q}, {queue: q, batch_size: 1}]"])
def test_iot333_fires_where_a_queue_has_two_kinds_of_pollers(triggers: str, compile_spec: Compile) -> None:
    compiled = _compiled(
        compile_spec, f"queues: {{q: {{}}}}\nfunctions: {{f: {{source: h, triggers: {triggers}}}}}"
    )
    polled = [one.queue for one in _plant(compiled, {}).shape.polls]
    assert _fires(compiled, "IOT333") is (len(polled) > len(set(polled)))


TIMEOUT, WINDOW = 10, 5


@pytest.mark.parametrize("visibility", [8, 9, 10, 12, 30, 60, 65, 90])
def test_iot329_and_iot330_fire_where_a_message_is_handled_twice(
    visibility: int, compile_spec: Compile
) -> None:
    """Long calls, while others keep the function busy for up to five of its timeouts."""
    spec = QUEUE.replace("q: {{}}", f"q: {{{{visibility_timeout: {visibility}}}}}")
    settings = f"batch_size: 2, batch_window: {WINDOW}, max_concurrency: 2"
    compiled = _compiled(compile_spec, spec.format(reserved=5, settings=settings))
    twice = [_twice(_plant(compiled, {"f": _BUSY}), timeouts) for timeouts in range(6)]
    assert (_fires(compiled, "IOT329") or _fires(compiled, "IOT330")) is any(twice)
    # Where not even the function's timeout fits, nobody else need be there.
    assert not _fires(compiled, "IOT330") or twice[0]


# A message takes 8.5 s of the 10; the others are calls of a hundred, and end at the timeout.
_BUSY = Timing((2, 100), ((8.5,), (TIMEOUT * 2.0,)))


def _twice(plant: Plant, timeouts: int) -> bool:
    run = Run(plant, (), seed=1)
    function = run.functions["f"]

    def keep(left: int) -> None:
        if left:
            function.invoke(100, 0, lambda _well: keep(left - 1))

    def others() -> None:
        for _ in range(function.limit):
            keep(timeouts)

    run.queues["q"].add(0.0, 1)
    run.clock.after(WINDOW, others)
    return run.run(200.0, 0.0).twice > 0


def _limit(compiled: Compiled) -> float:
    """The mean of a call's seconds at which IOT327 says that the reservation is exhausted."""
    message = next(problem.message for problem in compiled.problems if problem.code == "IOT327")
    match = re.search(r"average (\d+) ms", message)
    assert match
    return int(match[1]) / 1000


def test_a_queue_has_the_unit_of_the_simulator(compile_spec: Compile) -> None:
    compiled = _compiled(compile_spec, QUEUE.format(reserved=10, settings="batch_window: 5"))
    assert _plant(compiled, {}).shape.polls[0].window == WINDOW * SECOND
