"""Whatever fails, a reading that was answered 200 ends as one row in each table, and its alert is heard."""

import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.system

FAULTS = ("throttle", "lost", "part", "crash", "done, crash")
LIMIT = 80
VISIBILITY_SECONDS = 125
_RUNS = itertools.count()

# (event id or none, timestamp or none, temperature); 90 is above the threshold
POOL = [
    ("a", 1_700_000_000_000, 20),
    ("a", 1_700_000_000_000, 21),
    ("b", 1_700_000_000_000, 90),
    ("c", 1_700_000_000_001, 91),
    (None, 1_699_000_000_000, 22),
    (None, None, 23),
    ("d", None, 24),
]


class Run:
    """A client, a queue that delivers at least once, and functions whose calls fail by number."""

    def __init__(self, world: Any, faults: Mapping[int, str], crash: type[BaseException]) -> None:
        self.world, self.crash = world, crash
        world.clock.pass_seconds(61)  # another minute, with notifications of its own
        self.faults = dict(faults)
        self.calls: list[str] = []
        self.device = f"device-{next(_RUNS)}"
        self.pending: list[str] = []

    def container(self) -> Any:
        """Start a new container."""
        return self.world.with_faults(self.calls, **{f"call_{n}": fault for n, fault in self.faults.items()})

    def send(self, choices: Sequence[int]) -> None:
        """Send readings as a client does: again until it is answered 200."""
        body = {"readings": [self.reading(*POOL[choice]) for choice in choices]}
        for _ in range(30):
            try:
                response = self.container().ingest(body)
            except self.crash:
                continue
            if response.status == 200:
                assert response.body == {"accepted": len(choices), "rejected": []}
                return
            assert response.status == 503
        pytest.fail("never answered 200")

    def deliver(self, *, twice: bool) -> None:
        """Deliver messages as SQS does: until none is left, some of them twice, and again after a timeout."""
        self.pending += [message["Body"] for message in self.world.drain()] * (2 if twice else 1)
        for _ in range(30):
            if not self.pending:
                return
            self.world.clock.pass_seconds(VISIBILITY_SECONDS)
            try:
                failed = self.container().consume(*self.pending)
            except self.crash:
                continue
            self.pending = [self.pending[int(name.removeprefix("m-"))] for name in failed]
        pytest.fail("never processed")

    def reading(self, event_id: str | None, timestamp: int | None, temperature: int) -> dict[str, Any]:
        named = {"event_id": event_id, "timestamp": timestamp}
        sensors = {"temperature": temperature}
        return {"device_id": self.device, "sensor_data": sensors, **{k: v for k, v in named.items() if v}}

    def check(self, choices: Iterable[int]) -> None:
        """Compare the tables, the dead-letter queue and the topic with what must be there."""
        expected = sorted(POOL[choice][2] for choice in set(choices))
        raw = self.rows("RAW_SENSOR_DATA", "timestamp")
        processed = self.rows("PROCESSED_DATA", "event_date")
        assert sorted(row["sensor_data"]["temperature"] for row in raw) == expected
        assert sorted(row["temperature"] for row in processed) == expected
        identities = [row["timestamp"].partition("#")[2] for row in raw]
        assert sorted(identities) == sorted(row["event_date"].partition("#")[2] for row in processed)
        assert self.world.dead_letters() == []
        notifications = self.world.notifications()
        crossed = max(expected) > LIMIT
        assert (self.device in told_of(notifications) | self.listed()) == crossed
        # Only an answer or a process lost right after the notification may repeat it.
        lost = sum(fault in ("lost", "crash", "done, crash") for fault in self.faults.values())
        assert len(notifications) <= crossed * (1 + lost)

    def listed(self) -> set[str]:
        """The devices in the rows of storms."""
        return {
            device
            for row in self.rows("PROCESSED_DATA", "event_date", "alerts#storm")
            for device in json.loads(row["values"])
        }

    def rows(self, table: str, sort_key: str, device: str = "") -> list[dict[str, Any]]:
        found, _ = self.world.services.table(table, sort_key).newest(
            device or self.device, "0", "~", 100, None
        )
        return list(found)


def told_of(notifications: Iterable[Mapping[str, Any]]) -> set[str]:
    return {one["device_id"] for told in notifications for one in told.get("worst", [told])}


choices = st.lists(st.integers(0, len(POOL) - 1), min_size=1, max_size=6)
faults = st.dictionaries(st.integers(0, 25), st.sampled_from(FAULTS), max_size=8)


@settings(max_examples=settings.default.max_examples // 5 if settings.default else 20, deadline=None)
@given(st.lists(choices, min_size=1, max_size=3), faults, st.booleans())
def test_any_sequence_of_faults_ends_in_the_same_rows(
    shared: Any, crash: Any, requests: list[list[int]], faults: dict[int, str], twice: bool
) -> None:
    run = Run(shared(), faults, crash)
    for request in requests:
        run.send(request)
        run.deliver(twice=twice)
    run.check(itertools.chain(*requests))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_each_call_in_turn_ends_in_the_same_rows(shared: Any, crash: Any, fault: str) -> None:
    everything = list(range(len(POOL)))
    calls = 1
    number = 0
    while number < calls:
        run = Run(shared(), {number: fault}, crash)
        run.send(everything)
        run.deliver(twice=True)
        run.check(everything)
        calls = len(run.calls)
        number += 1
    assert calls >= 8


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("devices", [3, 26])
def test_a_fault_at_each_call_in_turn_leaves_no_device_untold(
    shared: Any, crash: Any, fault: str, devices: int
) -> None:
    """Few devices are told of one by one, many are listed."""
    calls = 1
    number = 0
    while number < calls:
        run = Run(shared(), {number: fault}, crash)
        names = {f"{run.device}-{n}" for n in range(devices)}
        reading = {"event_id": "e", "timestamp": 1_700_000_000_000, "sensor_data": {"temperature": 90}}
        halves = [sorted(names)[::2], sorted(names)[1::2]]
        run.pending = [
            json.dumps({"readings": [{**reading, "device_id": name} for name in half]}) for half in halves
        ]
        run.deliver(twice=False)
        assert names <= told_of(run.world.notifications()) | run.listed()
        assert {name for name in names if run.rows("PROCESSED_DATA", "event_date", name)} == names
        calls = min(len(run.calls), 12)  # what comes back is handled in the same way
        number += 1
    assert calls >= 6


@pytest.fixture(scope="module")
def shared(make_world: Any) -> Callable[[], Any]:
    """Gives a world to each run: the same to a hundred of them, which have devices of their own.

    To make one takes time; and so does a query in one that has held many, as moto looks at every item.
    """

    def quiet_world() -> Any:
        # A device cools down for longer than its messages take to come back again and again.
        return make_world().configure(
            thresholds={"temperature": {"max": LIMIT}}, alerts={"cooldown_seconds": 604_800}
        )

    worlds = itertools.chain.from_iterable(itertools.repeat(quiet_world(), 100) for _ in itertools.count())
    return worlds.__next__
