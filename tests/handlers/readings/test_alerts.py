from dataclasses import replace
from typing import Any

import pytest
from readings import config
from readings.alerts import Alerts
from readings.backoff import Backoff
from readings.reading import Reading, read

CONFIG = config.parse('{"thresholds": {"t": {"max": 10, "min": 0}}, "alerts": {"cooldown_seconds": 60}}')
SECOND = 1000
ALWAYS = Backoff(lambda _: None, lambda: 1.0, lambda: 100.0)


class Topic:
    """A topic that keeps what it sends, or fails as told."""

    def __init__(self) -> None:
        self.sent, self.fault = list[str](), list[BaseException]()

    def publish(self, TopicArn: str, Subject: str, Message: str) -> None:  # noqa: N803
        if self.fault:
            raise self.fault.pop()
        self.sent.append(Message)


class Pipeline:
    """Containers that share a table and a topic."""

    def __init__(self, world: Any) -> None:
        self.table, self.topic = world.services.table("PROCESSED_DATA", "event_date"), Topic()
        self.writes = 0
        self.faults: list[Exception] = []
        put_item, batch_write_item = self.table.client.put_item, self.table.client.batch_write_item

        class Counting:
            def put_item(_, **arguments: Any) -> Any:  # noqa: N805
                self.writes += 1
                return put_item(**arguments)

            def batch_write_item(_, **arguments: Any) -> Any:  # noqa: N805
                self.writes += 1
                if self.faults:
                    raise self.faults.pop()
                return batch_write_item(**arguments)

        self.table = replace(self.table, client=Counting())
        self.restart()

    def restart(self) -> None:
        self.alerts = Alerts(self.table, lambda: self.topic, lambda: "arn:topic", {}, ALWAYS)

    def watch(self, now: int, *readings: Reading) -> int:
        sent, failed = self.alerts.watch(readings, CONFIG, now)
        assert not failed
        return sent


@pytest.fixture
def pipeline(world: Any) -> Pipeline:
    return Pipeline(world)


def reading(number: int, value: int = 11, device: str = "d") -> Reading:
    return read({"device_id": device, "timestamp": number, "sensor_data": {"t": value}}, number, 1000)


def test_stays_quiet_while_it_cools_down(pipeline: Pipeline) -> None:
    assert pipeline.watch(0, reading(1)) == 1
    pipeline.restart()
    assert pipeline.watch(59 * SECOND, reading(2)) == 0
    assert pipeline.watch(60 * SECOND, reading(3)) == 1
    assert pipeline.watch(61 * SECOND, reading(4)) == 0


def test_each_device_and_bound_cools_down_by_itself(pipeline: Pipeline) -> None:
    assert pipeline.watch(0, reading(1), reading(2, -1), reading(3, 11, "other"), reading(4)) == 3


def test_the_oldest_of_a_batch_notifies(pipeline: Pipeline) -> None:
    pipeline.watch(0, reading(3, 13), reading(1, 11), reading(2, 12))
    assert '"value":11,' in pipeline.topic.sent[0]


@pytest.mark.parametrize("later", [0, 30, 3600])
def test_a_redelivered_reading_does_not_notify_again(pipeline: Pipeline, later: int) -> None:
    assert pipeline.watch(0, reading(1)) == 1
    pipeline.restart()
    assert pipeline.watch(later * SECOND, reading(1)) == 0


def test_a_container_that_knows_does_not_ask(pipeline: Pipeline) -> None:
    pipeline.watch(0, reading(1))
    writes = pipeline.writes
    for number in range(2, 50):
        pipeline.watch(number, reading(number))
    assert pipeline.writes == writes == 2
    pipeline.restart()
    pipeline.watch(50, reading(50))
    pipeline.watch(51, reading(51))
    assert pipeline.writes == 3


def test_what_did_not_go_out_is_completed_by_the_same_reading_only(pipeline: Pipeline, error: Any) -> None:
    pipeline.topic.fault = [error("ThrottledException")]
    sent, failed = pipeline.alerts.watch([reading(1), reading(2)], CONFIG, 0)
    assert (sent, set(failed)) == (0, {reading(1).key})
    pipeline.restart()
    assert pipeline.watch(SECOND, reading(2)) == 0
    assert pipeline.watch(2 * SECOND, reading(1)) == 1
    assert pipeline.watch(3 * SECOND, reading(1)) == 0


def test_a_crash_before_the_notification_is_repaired(pipeline: Pipeline, crash: Any) -> None:
    pipeline.topic.fault = [crash()]
    with pytest.raises(crash):
        pipeline.watch(0, reading(1))
    pipeline.restart()
    assert pipeline.watch(SECOND, reading(1)) == 1


def test_a_mark_that_is_throttled_is_made_by_another_attempt(pipeline: Pipeline, error: Any) -> None:
    pipeline.faults = [error("ThrottlingException"), error("ThrottlingException")]
    assert pipeline.watch(0, reading(1)) == 1
    pipeline.restart()
    assert pipeline.watch(SECOND, reading(1)) == 0


def test_a_mark_that_fails_does_not_bring_the_reading_back(pipeline: Pipeline, error: Any) -> None:
    pipeline.faults = [error("AccessDeniedException")]
    assert pipeline.watch(0, reading(1)) == 1


def test_no_cooldown_notifies_of_each_reading_once(pipeline: Pipeline) -> None:
    each = replace(CONFIG, cooldown_seconds=0)
    for number in (1, 1, 2, 3):
        pipeline.alerts.watch([reading(number)], each, 0)
    assert len(pipeline.topic.sent) == 3
