import json
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from readings import alerts, config, storm
from readings.alert_memory import AlertMemory
from readings.alert_message import Notification
from readings.alerts import most_calls
from readings.backoff import Backoff
from readings.notifier import FEW, Notifier, Outcome
from readings.reading import Reading, read
from readings.slots import PER_MINUTE, SPACING_MS
from readings.table import Key
from readings.thresholds import crossings

CONFIG = config.parse('{"thresholds": {"t": {"max": 10, "min": 0}}, "alerts": {"cooldown_seconds": 60}}')
SECOND = 1000
MINUTE = 60 * SECOND
LEASE = 20 * SECOND


class Pipeline:
    """Containers that share a table and a topic; `faults` are raised by the calls of that name, in turn."""

    def __init__(self, world: Any) -> None:
        self.now = 0
        self.sent: list[Notification] = []
        self.sent_at: list[int] = []
        self.calls: list[str] = []
        self.faults: dict[str, list[BaseException]] = {}
        self.interrupt: Callable[[], None] | None = None
        self.table = world.services.table("PROCESSED_DATA", "event_date")
        client = self.table.client

        class Counting:
            def put_item(_, **arguments: Any) -> Any:  # noqa: N805
                self.call("put_item")
                return client.put_item(**arguments)

            def batch_write_item(_, **arguments: Any) -> Any:  # noqa: N805
                self.call("batch_write_item")
                return client.batch_write_item(**arguments)

            query = client.query

        self.table = replace(self.table, client=Counting())
        self.restart()

    def call(self, name: str) -> None:
        self.calls.append(name)
        if self.faults.get(name):
            raise self.faults[name].pop()

    def publish(self, notification: Notification) -> None:
        if self.interrupt:
            interrupt, self.interrupt = self.interrupt, None
            interrupt()
        self.call("publish")
        self.sent.append(notification)
        self.sent_at.append(self.now)

    def sleep(self, seconds: float) -> None:
        self.now += int(seconds * SECOND)

    def restart(self) -> None:
        self.memory = AlertMemory()

    def tell(
        self,
        now: int,
        *readings: Reading,
        settings: Any = CONFIG,
        seconds: float = 10,
        returning: bool = True,
    ) -> Outcome:
        self.now = max(self.now, now)
        ends = now + seconds * SECOND
        invocation = Notifier(
            table=self.table,
            publish=self.publish,
            memory=self.memory,
            backoff=Backoff(self.sleep, lambda: 1.0, lambda: (ends - self.now) / SECOND),
            now=lambda: self.now,
            holder=f"invocation-{next(HOLDERS)}",
            lease_until=now + LEASE,
            returning=returning,
        )
        found = [crossing for one in readings for crossing in crossings(one, settings.thresholds)]
        return invocation.notify(found, settings.cooldown_seconds)

    def watch(self, now: int, *readings: Reading) -> int:
        outcome = self.tell(now, *readings)
        assert not outcome.failed
        return outcome.sent

    def messages(self) -> list[Any]:
        return [json.loads(notification.message) for notification in self.sent]

    def rows(self) -> list[dict[str, Any]]:
        return list(self.table.newest(storm.PARTITION, "0", "~", 1000, None)[0])

    def listed(self) -> set[str]:
        return {device for row in self.rows() for device in json.loads(row["values"])}


HOLDERS = count()


@pytest.fixture
def pipeline(world: Any) -> Pipeline:
    return Pipeline(world)


def reading(number: int, value: int = 11, device: str = "d") -> Reading:
    return read({"device_id": device, "timestamp": number, "sensor_data": {"t": value}}, number, 4000)


def storm_of(number: int, first: int = 0) -> list[Reading]:
    return [reading(n, 11 + n, f"device-{n}") for n in range(first, first + number)]


def test_stays_quiet_while_it_cools_down(pipeline: Pipeline) -> None:
    assert pipeline.watch(0, reading(1)) == 1
    pipeline.restart()
    assert pipeline.watch(59 * SECOND, reading(2)) == 0
    assert pipeline.watch(60 * SECOND, reading(3)) == 1
    assert pipeline.watch(61 * SECOND, reading(4)) == 0


def test_one_crossing_is_told_as_it_is(pipeline: Pipeline) -> None:
    pipeline.watch(0, reading(1))
    [notification] = pipeline.sent
    assert notification.subject == "t above its limit"
    assert list(json.loads(notification.message)) == [
        "device_id", "sensor", "value", "bound", "limit", "time", "event_id"
    ]  # fmt: skip


def test_several_crossings_are_one_notification(pipeline: Pipeline) -> None:
    assert pipeline.watch(5, reading(1), reading(2, -1), reading(3, 13, "other"), reading(4)) == 1
    [notification] = pipeline.sent
    message = json.loads(notification.message)
    assert notification.subject == "2 devices beyond their limits"
    assert (message["devices"], message["crossings"]) == (2, 3)
    assert message["since"] == "1970-01-01T00:00:00.001Z"
    assert [crossing["value"] for crossing in message["worst"]] == [13, 11, -1]
    assert "listed" not in message


def test_each_device_and_bound_cools_down_by_itself(pipeline: Pipeline) -> None:
    pipeline.watch(0, reading(1))
    pipeline.restart()
    pipeline.watch(SECOND, reading(2), reading(3, -1), reading(4, 11, "other"))
    assert [(c["device_id"], c["bound"]) for c in pipeline.messages()[1]["worst"]] == [
        ("d", "min"),
        ("other", "max"),
    ]


def test_the_oldest_of_a_batch_notifies(pipeline: Pipeline) -> None:
    pipeline.watch(0, reading(3, 13), reading(1, 11), reading(2, 12))
    assert pipeline.messages()[0]["value"] == 11


@pytest.mark.parametrize("later", [0, 30, 3600])
def test_a_redelivered_reading_does_not_notify_again(pipeline: Pipeline, later: int) -> None:
    assert pipeline.watch(0, reading(1)) == 1
    pipeline.restart()
    assert pipeline.watch(later * SECOND, reading(1)) == 0


def test_a_redelivered_reading_does_not_hide_a_newer_one(pipeline: Pipeline) -> None:
    pipeline.watch(0, reading(1))
    pipeline.restart()
    assert pipeline.watch(61 * SECOND, reading(1), reading(2)) == 1
    assert [message["time"][-5:] for message in pipeline.messages()] == [".001Z", ".002Z"]


def test_a_container_that_knows_does_not_ask(pipeline: Pipeline) -> None:
    pipeline.watch(0, reading(1))
    calls = len(pipeline.calls)
    for number in range(2, 50):
        pipeline.watch(number, reading(number))
    assert len(pipeline.calls) == calls == 4  # claim, slot, notification, mark
    pipeline.restart()
    pipeline.watch(50, reading(50))
    pipeline.watch(51, reading(51))
    assert len(pipeline.calls) == calls + 1


def test_a_failed_notification_is_made_good_by_the_next_reading(pipeline: Pipeline, error: Any) -> None:
    pipeline.faults["publish"] = [error("ThrottledException")]
    outcome = pipeline.tell(0, reading(1), reading(2))
    assert (outcome.sent, set(outcome.failed)) == (0, {reading(1).key})
    pipeline.restart()
    assert pipeline.watch(SECOND, reading(2)) == 1
    assert pipeline.watch(2 * SECOND, reading(1)) == 0


def test_a_failed_notification_is_made_good_by_the_same_reading(pipeline: Pipeline, error: Any) -> None:
    pipeline.faults["publish"] = [error("ThrottledException")]
    assert set(pipeline.tell(0, reading(1)).failed) == {reading(1).key}
    assert pipeline.watch(SECOND, reading(1)) == 1
    assert pipeline.watch(2 * SECOND, reading(1)) == 0


def test_a_crash_before_the_notification_is_repaired_when_the_lease_has_ended(
    pipeline: Pipeline, crash: Any
) -> None:
    pipeline.faults["publish"] = [crash()]
    with pytest.raises(crash):
        pipeline.watch(0, reading(1))
    pipeline.restart()
    assert set(pipeline.tell(LEASE - 1, reading(1)).failed) == {reading(1).key}
    assert pipeline.watch(LEASE, reading(1)) == 1


def test_the_same_reading_twice_at_once_notifies_once_and_comes_back_once(pipeline: Pipeline) -> None:
    outcomes: list[Outcome] = []

    def meanwhile() -> None:
        first, pipeline.memory = pipeline.memory, AlertMemory()
        outcomes.append(pipeline.tell(0, reading(1)))
        pipeline.memory = first

    pipeline.interrupt = meanwhile
    assert pipeline.watch(0, reading(1)) == 1
    assert [set(outcome.failed) for outcome in outcomes] == [{reading(1).key}]
    pipeline.restart()
    assert pipeline.watch(120 * SECOND, reading(1)) == 0
    assert len(pipeline.sent) == 1


@pytest.mark.parametrize(("returning", "held"), [(True, set()), (False, {reading(2).key})])
def test_another_reading_trusts_only_what_comes_again(
    pipeline: Pipeline, error: Any, returning: bool, held: set[Key]
) -> None:
    """A client need not repeat its request, so nothing may rely on what a request is telling of."""
    outcomes: list[Outcome] = []

    def meanwhile() -> None:
        first, pipeline.memory = pipeline.memory, AlertMemory()
        outcomes.append(pipeline.tell(0, reading(2)))
        pipeline.memory = first

    pipeline.interrupt = meanwhile
    pipeline.faults["publish"] = [error("ThrottledException")]
    assert set(pipeline.tell(0, reading(1), returning=returning).failed) == {reading(1).key}
    assert [set(outcome.failed) for outcome in outcomes] == [held]
    pipeline.restart()
    assert pipeline.watch(120 * SECOND, reading(1 if returning else 2)) == 1


def test_an_invocation_knows_its_own_claim_when_the_answer_was_lost(pipeline: Pipeline) -> None:
    client = pipeline.table.client
    put_item = client.put_item

    def twice(**arguments: Any) -> Any:
        if "alert#" in arguments["Item"]["device_id"]["S"]:
            put_item(**arguments)
        return put_item(**arguments)

    client.put_item = twice
    assert pipeline.watch(0, reading(1)) == 1


def test_a_mark_that_is_throttled_is_made_by_another_attempt(pipeline: Pipeline, error: Any) -> None:
    pipeline.faults["batch_write_item"] = [error("ThrottlingException"), error("ThrottlingException")]
    assert pipeline.watch(0, reading(1)) == 1
    pipeline.restart()
    assert pipeline.watch(SECOND, reading(1)) == 0


def test_a_mark_that_fails_does_not_bring_the_reading_back(pipeline: Pipeline, error: Any) -> None:
    pipeline.faults["batch_write_item"] = [error("AccessDeniedException")]
    assert pipeline.watch(0, reading(1)) == 1


def test_no_cooldown_notifies_of_each_reading_once(pipeline: Pipeline) -> None:
    each = replace(CONFIG, cooldown_seconds=0)
    for number in (1, 1, 2, 3):
        pipeline.tell(0, reading(number), settings=each)
    assert len(pipeline.sent) == 3


def test_a_storm_is_one_notification_and_a_list(pipeline: Pipeline) -> None:
    outcome = pipeline.tell(5 * MINUTE, *storm_of(5000))
    assert (outcome.sent, outcome.listed, outcome.failed) == (1, 5000, {})
    [message] = pipeline.messages()
    assert (message["devices"], len(message["worst"])) == (5000, FEW)
    assert message["worst"][0]["device_id"] == "device-4999"
    assert message["listed"] == {
        "table": pipeline.table.name,
        "device_id": "alerts#storm",
        "from": "1970-01-01T00:05",
    }
    assert len(pipeline.listed()) == 5000
    assert all(row["event_date"].startswith("1970-01-01T00:05") for row in pipeline.rows())
    assert pipeline.calls == ["batch_write_item", "put_item", "publish"]


def test_what_is_listed_cools_down_in_that_container(pipeline: Pipeline) -> None:
    pipeline.tell(0, *storm_of(100))
    calls = len(pipeline.calls)
    assert pipeline.tell(59 * SECOND, *storm_of(100)) == Outcome()
    assert len(pipeline.calls) == calls


def test_a_second_storm_of_a_minute_is_listed_only(pipeline: Pipeline) -> None:
    pipeline.tell(0, *storm_of(100))
    assert pipeline.tell(SECOND, *storm_of(100, 100)) == Outcome(0, 100, {})
    assert pipeline.tell(MINUTE, *storm_of(100, 200)).sent == 1
    assert len(pipeline.listed()) == 300


def test_a_storm_whose_list_cannot_be_written_comes_back(pipeline: Pipeline, error: Any) -> None:
    pipeline.faults["batch_write_item"] = [error("AccessDeniedException")]
    outcome = pipeline.tell(0, *storm_of(100))
    assert set(outcome.failed) == {one.key for one in storm_of(100)}
    assert pipeline.sent == []
    assert pipeline.tell(SECOND, *storm_of(100)).listed == 100


def test_a_storm_whose_notification_fails_comes_back_once_and_is_named_by_the_next(
    pipeline: Pipeline, error: Any
) -> None:
    pipeline.faults["publish"] = [error("ThrottledException")]
    outcome = pipeline.tell(7 * MINUTE, *reversed(storm_of(100)))
    assert (outcome.listed, set(outcome.failed)) == (100, {reading(0, 11, "device-0").key})
    pipeline.restart()
    assert pipeline.watch(9 * MINUTE, reading(0, 11, "device-0")) == 1
    [message] = pipeline.messages()
    assert message["device_id"] == "device-0"
    assert message["listed"]["from"] == "1970-01-01T00:07"
    pipeline.tell(10 * MINUTE, reading(1, 11, "other"))
    assert "listed" not in pipeline.messages()[1]


def test_the_last_notification_of_a_minute_names_the_list_of_what_comes_later(pipeline: Pipeline) -> None:
    for number in range(PER_MINUTE + 3):
        pipeline.restart()
        outcome = pipeline.tell(MINUTE, reading(number, 11, f"device-{number}"))
        assert (outcome.sent + outcome.listed, outcome.failed) == (1, {})
    messages = pipeline.messages()
    assert ["listed" in message for message in messages] == [False] * (PER_MINUTE - 1) + [True]
    assert messages[-1]["listed"]["from"] <= pipeline.rows()[-1]["event_date"]
    assert pipeline.listed() == {f"device-{PER_MINUTE + n}" for n in range(3)}
    pauses = [after - before for before, after in zip(pipeline.sent_at, pipeline.sent_at[1:], strict=False)]
    assert set(pauses) == {SPACING_MS}
    pipeline.restart()
    assert pipeline.watch(MINUTE, reading(PER_MINUTE, 11, f"device-{PER_MINUTE}")) == 0, "listed is told"


def test_without_time_for_a_notification_the_reading_comes_back(pipeline: Pipeline) -> None:
    pipeline.watch(0, reading(1))
    pipeline.restart()
    other, third = reading(2, 11, "other"), reading(3, 11, "third")
    assert set(pipeline.tell(0, other, seconds=1.4).failed) == {other.key}
    assert set(pipeline.tell(0, third, seconds=0).failed) == {third.key}
    pipeline.restart()
    assert pipeline.watch(SECOND, other) == 1


@pytest.mark.parametrize("number", [1, FEW, FEW + 1, 3000])
def test_the_calls_of_an_invocation_are_bounded(pipeline: Pipeline, error: Any, number: int) -> None:
    names = ["\U0001f525" * 120 + f"{n:05d}" for n in range(number)]
    pipeline.faults["publish"] = [error("ThrottledException")]
    pipeline.tell(0, *(reading(n, 11, name) for n, name in enumerate(names)))
    assert len(pipeline.calls) <= most_calls(number, 1)


def test_the_bound_on_calls_grows_slowly() -> None:
    assert most_calls(36_000, 1) - most_calls(0, 1) < 10


def test_a_fault_that_nobody_thought_of_brings_the_readings_back(world: Any) -> None:
    from readings.invocation import running

    del world.environment["TOPIC_DEVICE_ALERTS"]
    table = world.services.table("PROCESSED_DATA", "event_date")
    with running(world.services, world.clock.context()) as invocation:
        found = list(crossings(reading(1), CONFIG.thresholds))
        assert set(alerts.notify(found, table, invocation, returning=True)) == {reading(1).key}
