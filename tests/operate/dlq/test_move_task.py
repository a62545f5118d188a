"""SQS's own task: started once, followed to its end, and cancelled when it is to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from iotgen.errors import RemoteError
from iotgen.operate.dlq.move_task import Moved, Watch, move
from tests.operate.dlq.memory_queue import refusal


@dataclass
class Tasks:
    """SQS's tasks of a queue; each time that they are listed, the one that runs moves ten messages."""

    listed: list[dict[str, Any]] = field(default_factory=list)
    started: list[dict[str, Any]] = field(default_factory=list)
    total: int = 30
    late: int = 0
    refuses: str = ""

    def list_message_move_tasks(self, **_given: Any) -> dict[str, Any]:
        if self.refuses:
            raise refusal(self.refuses)
        if self.started and self.late > 0:
            self.late -= 1
            return {"Results": [task for task in self.listed if task["Status"] != "RUNNING"]}
        for task in self.listed:
            self._move_on(task)
        return {"Results": [dict(task) for task in self.listed]}

    def start_message_move_task(self, **given: Any) -> dict[str, Any]:
        self.started.append(given)
        self.listed.insert(0, running(len(self.listed) + 1, self.total))
        return {"TaskHandle": "handle"}

    def cancel_message_move_task(self, **given: Any) -> None:
        assert given["TaskHandle"] == self.listed[0]["TaskHandle"]
        self.listed[0]["Status"] = "CANCELLED"

    @staticmethod
    def _move_on(task: dict[str, Any]) -> None:
        if task["Status"] == "RUNNING":
            task["ApproximateNumberOfMessagesMoved"] += 10
            if task["ApproximateNumberOfMessagesMoved"] >= task["ApproximateNumberOfMessagesToMove"]:
                task["Status"] = "COMPLETED"


def running(number: int, total: int = 30) -> dict[str, Any]:
    return {
        "TaskHandle": f"handle-{number}",
        "Status": "RUNNING",
        "StartedTimestamp": 1_700_000_000_000 + number,
        "ApproximateNumberOfMessagesMoved": 0,
        "ApproximateNumberOfMessagesToMove": total,
    }


def never() -> bool:
    return False


def moved(tasks: Tasks, rate: float | None = None, stopped: Callable[[], bool] = never) -> Moved | None:
    watch = Watch(lambda _seconds: None, stopped, lambda _moved, _of: None)
    return move(tasks, "arn:dlq", "arn:queue", rate, watch)


@pytest.mark.parametrize(
    ("rate", "limit"),
    [
        (None, {}),
        (20.5, {"MaxNumberOfMessagesPerSecond": 20}),
        (0.2, {"MaxNumberOfMessagesPerSecond": 1}),
        (9_000.0, {"MaxNumberOfMessagesPerSecond": 500}),
    ],
)
def test_all_is_moved_to_the_queue_that_it_came_from(rate: float | None, limit: dict[str, int]) -> None:
    tasks = Tasks()
    assert moved(tasks, rate) == Moved("COMPLETED", 30, 30, "")
    assert tasks.started == [{"SourceArn": "arn:dlq", "DestinationArn": "arn:queue", **limit}]


def test_a_task_that_runs_is_followed() -> None:
    tasks = Tasks([running(1, 50)])
    assert moved(tasks) == Moved("COMPLETED", 50, 50, "")
    assert tasks.started == []


def test_the_end_of_an_earlier_task_is_not_taken_for_that_of_this_one() -> None:
    earlier = {**running(1), "Status": "COMPLETED", "ApproximateNumberOfMessagesMoved": 7}
    assert moved(Tasks([earlier], late=3)) == Moved("COMPLETED", 30, 30, "")


def test_a_task_that_never_shows_is_not_waited_for_for_ever() -> None:
    with pytest.raises(RemoteError) as raised:
        moved(Tasks(late=1_000))
    assert raised.value.message == "SQS does not list the task that was started"


def test_a_stop_cancels_it() -> None:
    tasks = Tasks(total=1_000)
    result = moved(tasks, stopped=lambda: bool(tasks.started))
    assert result
    assert result.status == "CANCELLED"
    assert result.moved < 1_000


@pytest.mark.parametrize("code", ["InvalidAction", "AWS.SimpleQueueService.UnsupportedOperation"])
def test_where_sqs_has_no_such_tasks_there_is_none(code: str) -> None:
    assert moved(Tasks(refuses=code)) is None


def test_another_refusal_is_an_error() -> None:
    with pytest.raises(RemoteError) as raised:
        moved(Tasks(refuses="AccessDenied"))
    assert raised.value.hint == "The caller needs the permission sqs:ListMessageMoveTasks."
