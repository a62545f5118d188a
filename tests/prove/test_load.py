"""A load in virtual time: how fresh rows are, what is refused, the most devices, what an outage leaves."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from iotgen.kinds.functions import Function
from iotgen.prove.load import (
    DEFAULTS,
    Answer,
    Demand,
    Entry,
    Plant,
    Timing,
    answer,
    assumed,
    entry_of,
    plant_of,
)
from iotgen.prove.load.assumed import Spread
from iotgen.prove.load.capacity import reasons_of
from iotgen.prove.load.notes import Notes
from iotgen.prove.load.report import as_data, lines
from iotgen.prove.load.run import Arrivals, Run
from iotgen.prove.load.timing import steady
from iotgen.prove.shape import TableShape
from iotgen.prove.shaping import shape_of

if TYPE_CHECKING:
    from tests.conftest import Compile

SPEC = """
version: 1
pipeline: p
queues: {q: {max_receives: 5}}
functions:
  ingest: {source: h, timeout: 10, reserved_concurrency: 10, access: {queues: {q: send}}}
  process:
    source: h
    timeout: 10
    reserved_concurrency: 5
    triggers: [{queue: q, batch_size: 100, batch_window: 5, max_concurrency: 5}]
api: {throttle: {rate: 200, burst: 400}}
endpoints: {/ingest: {method: POST, function: ingest}}
"""
TIMINGS = {
    "ingest": Timing((1,), ((0.02,),), sends={"q": 1.0}),
    "process": Timing((1, 100), ((0.1,), (2.0,)), stores=("rows",)),
}


@pytest.fixture(scope="module")
def plant(compile_spec: Compile) -> Plant:
    pipeline = compile_spec(SPEC).model
    shape = shape_of(pipeline, {one.key: () for one in pipeline.all(Function)})
    return plant_of(pipeline, shape, TIMINGS)


@pytest.fixture(scope="module")
def carried(plant: Plant) -> Answer:
    return answer(plant, _entry(plant), Demand(600, 60.0), seed=1)


def _entry(plant: Plant) -> Entry:
    return Entry("/ingest", endpoint=plant.shape.endpoints[0])


@pytest.mark.system
def test_a_load_that_is_carried(carried: Answer) -> None:
    assert carried.carried
    assert not carried.reasons
    assert not carried.throttled
    (fresh,) = carried.fresh
    assert (fresh.function, fresh.tables) == ("process", ("rows",))
    # A batch is gathered for five seconds, and ten readings take a tenth of a second or two.
    assert 2 < fresh.p50 < 4
    assert 4 < fresh.p99 < fresh.most < 7
    (waiting,) = carried.waiting
    assert 20 < waiting.longest < 100
    assert not waiting.growing


@pytest.mark.system
def test_the_most_devices_are_those_that_the_first_limit_lets_through(carried: Answer) -> None:
    # 10 executions serve 100 requests a second: 6,000 devices with one a minute.
    assert not carried.more
    assert carried.most == pytest.approx(6000, rel=0.1)
    assert carried.first == "Lambda: the 100 requests/s that 10 executions of ingest serve"


@pytest.mark.system
def test_too_much_is_refused_and_the_command_says_what_would_be_carried(plant: Plant) -> None:
    found = answer(plant, _entry(plant), Demand(30_000, 60.0), seed=1)
    assert not found.carried
    assert "requests are refused or fail" in found.reasons[0]
    assert found.most == pytest.approx(6000, rel=0.1)
    text = list(lines(found, TIMINGS, DEFAULTS, "spec.yaml"))
    assert text[0] == (
        "spec.yaml does not carry 30,000 devices with a reading every 60 s: 500.0 readings/s at /ingest"
    )
    assert as_data(found, TIMINGS, DEFAULTS)["carried"] is False


@pytest.mark.system
def test_a_queue_that_is_read_too_slowly_grows(plant: Plant) -> None:
    # Five batches of a hundred, 20 s each: 25 a second, and 50 come.
    slow = replace(
        plant, timings={**TIMINGS, "process": Timing((1, 100), ((9.0,), (9.9,)), stores=("rows",))}
    )
    found = answer(slow, _entry(slow), Demand(4500, 60.0), seed=1)
    assert [one.growing for one in found.waiting] == [True]
    assert any(reason.startswith("the queue q grows") for reason in found.reasons)


@pytest.mark.system
def test_an_hour_without_the_processor_leaves_a_backlog(carried: Answer) -> None:
    ingest, process, *others = carried.backlogs
    assert not others
    assert (ingest.lost, ingest.messages) == (36_000, 0)
    assert process.messages == 36_000
    # Five receives, 65 s each, and a message is a dead letter.
    assert process.dead == 10 * (3600 - 5 * 65)
    # 250 messages a second, and 10 that come.
    assert process.drain == pytest.approx(36_000 / (250 - 10), rel=0.1)


_QUICK = Timing((1, 100), ((0.1,), (0.2,)), calls={"dynamodb": 4.0}, stores=("rows",))


def test_a_new_table_takes_so_many_writes(plant: Plant) -> None:
    run = Run(replace(plant, timings={"process": _QUICK}), (), seed=1)
    for _ in range(100_000):
        run.queues["q"].add(0.0, 10)
    run.run(10.0, 5.0)
    assert list(run.notes.throttled) == ["DynamoDB: the 4,000 writes/s that rows takes while it is new"]
    assert "rows come while their table is throttled" in reasons_of(run)[0]


def test_a_table_takes_what_it_has_a_capacity_for(plant: Plant) -> None:
    rows = TableShape(key="rows", name="rows-dev", attributes=("id",), writes=500)
    small = replace(plant, shape=replace(plant.shape, tables=(rows,)), timings={"process": _QUICK})
    run = Run(small, (), seed=1)
    for _ in range(20_000):
        run.queues["q"].add(0.0, 10)
    run.run(10.0, 5.0)
    assert list(run.notes.throttled) == ["DynamoDB: the 500 writes/s that rows has a capacity for"]


def test_the_same_seed_gives_the_same_answer(plant: Plant) -> None:
    one, same, other = (_noted(plant, seed) for seed in (1, 1, 2))
    assert one == same
    assert one != other


def _noted(plant: Plant, seed: int) -> Notes:
    return Run(plant, (Arrivals(_entry(plant), 20.0),), seed).run(10.0, 5.0)


def test_an_event_waits_while_its_function_is_busy(compile_spec: Compile) -> None:
    text = """
version: 1
pipeline: p
buckets: {b: {}}
functions: {f: {source: h, reserved_concurrency: 5, triggers: [{bucket: b}]}}
"""
    pipeline = compile_spec(text).model
    shape = shape_of(pipeline, {"f": ()})
    slow = plant_of(pipeline, shape, {"f": replace(steady(1.0), stores=("rows",))})
    entry = entry_of(pipeline, shape, "b")
    assert answer(slow, entry, Demand(60, 60.0), seed=1).carried
    late = answer(slow, entry, Demand(600, 60.0), seed=1)
    assert "events wait for a function at the end" in late.reasons[0]
    assert late.throttled[0][0] == "Lambda: the 5 concurrent executions of f"
    assert late.most == pytest.approx(300, rel=0.25)


def test_assumptions_can_be_set() -> None:
    given = assumed(["dynamodb=10ms", "sqs=8ms/60ms"])
    assert given["dynamodb"] == Spread(10, 50)
    assert given["sqs"] == Spread(8, 60)
    assert given["sns"] == DEFAULTS["sns"]


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        (
            "kinesis=5ms",
            "'kinesis=5ms' is not a time such as dynamodb=5ms or dynamodb=5ms/40ms; it may be of "
            "dynamodb, sqs, sns, s3, ssm, start, poll, notify, invocation, reading",
        ),
        ("sqs=8ms/6ms", "'sqs=8ms/6ms' has a p99 below its median"),
    ],
)
def test_what_is_no_assumption(setting: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        assumed([setting])
