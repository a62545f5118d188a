"""SQS's own task that moves all messages of a dead-letter queue to another queue, without this machine.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
One task runs for a queue at a time, for 36 hours at most; SQS takes up to 500 messages a second as a rate.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from iotgen.errors import RemoteError
from iotgen.operate.refusal import error_code, explaining

MOST_A_SECOND = 500
_POLL_SECONDS = 2.0
_NAP = 0.2
# How often a task may be missing from SQS's list after it was started.
_MOST_POLLS_WITHOUT = 30
_RUNNING = ("RUNNING", "CANCELLING")
# An SQS that has no such tasks, or has none for this queue.
_NOT_HERE = frozenset({"InvalidAction", "UnknownOperationException", "UnsupportedOperation"})

Task = Mapping[str, Any]


@dataclass(frozen=True)
class Moved:
    """How a task ended: SQS's word for it, how many messages it moved of how many, and why it failed."""

    status: str
    moved: int
    of: int
    reason: str


@dataclass(frozen=True)
class Watch:
    """How to wait for a task: `sleep` takes seconds; `progress` gets how many are moved, and of how many."""

    sleep: Callable[[float], None]
    stopped: Callable[[], bool]
    progress: Callable[[int, int], None]


def move(sqs: Any, source: str, destination: str, rate: float | None, watch: Watch) -> Moved | None:
    """Have SQS move all messages between the queues of two ARNs, and wait; a task that runs is followed.

    When it is to stop, the task is cancelled. None where SQS has no such tasks for the queue.
    """
    before = _tasks(sqs, source)
    if before is None:
        return None
    latest = before[0] if before else {}
    if latest.get("Status") in _RUNNING:
        return _follow(sqs, source, None, watch)
    limit = {} if rate is None else {"MaxNumberOfMessagesPerSecond": max(1, min(MOST_A_SECOND, int(rate)))}
    permission = "sqs:StartMessageMoveTask, and to receive and delete there and send to the queue"
    with explaining("start moving messages", permission):
        sqs.start_message_move_task(SourceArn=source, DestinationArn=destination, **limit)
    return _follow(sqs, source, latest.get("StartedTimestamp"), watch)


def _follow(sqs: Any, source: str, older: int | None, watch: Watch) -> Moved:
    """Wait for the end of the latest task that was not started at the time `older`."""
    without, cancelled = 0, False
    while True:
        task = _latest(sqs, source, older)
        if task is None and (without := without + 1) > _MOST_POLLS_WITHOUT:
            raise RemoteError(
                "SQS does not list the task that was started",
                f"Look for it: aws sqs list-message-move-tasks --source-arn {source}",
            )
        if task is not None:
            moved = _moved(task)
            watch.progress(moved.moved, moved.of)
            if moved.status not in _RUNNING:
                return moved
            if watch.stopped() and not cancelled:
                _cancel(sqs, task)
                cancelled = True
        _pause(watch, cancelled=cancelled)


def _pause(watch: Watch, *, cancelled: bool) -> None:
    """Wait for the next look, or until the task is to be cancelled."""
    for _ in range(int(_POLL_SECONDS / _NAP)):
        if watch.stopped() and not cancelled:
            return
        watch.sleep(_NAP)


def _tasks(sqs: Any, source: str) -> list[Task] | None:
    """The latest tasks of a queue; None where SQS has no such tasks for it."""
    from botocore.exceptions import ClientError

    with explaining("list what moves messages", "sqs:ListMessageMoveTasks"):
        try:
            return list(sqs.list_message_move_tasks(SourceArn=source).get("Results", []))
        except ClientError as error:
            if error_code(error) in _NOT_HERE:
                return None
            raise


def _latest(sqs: Any, source: str, older: int | None) -> Task | None:
    tasks = _tasks(sqs, source)
    return tasks[0] if tasks and (older is None or tasks[0].get("StartedTimestamp") != older) else None


def _moved(task: Task) -> Moved:
    return Moved(
        status=str(task["Status"]),
        moved=int(task.get("ApproximateNumberOfMessagesMoved", 0)),
        of=int(task.get("ApproximateNumberOfMessagesToMove", 0)),
        reason=str(task.get("FailureReason", "")),
    )


def _cancel(sqs: Any, task: Task) -> None:
    if handle := task.get("TaskHandle"):  # only a running one has it
        with explaining("cancel the task", "sqs:CancelMessageMoveTask"):
            sqs.cancel_message_move_task(TaskHandle=handle)
