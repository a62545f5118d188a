"""SQS's own task that moves all messages of a dead-letter queue to another queue, without this machine.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
One task runs for a queue at a time, for 36 hours at most; SQS takes up to 500 messages a second as a rate.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from iotgen.operate.refusal import error_code, explaining

MOST_A_SECOND = 500
_POLL_SECONDS = 2.0
_NAP = 0.2
_RUNNING = ("RUNNING", "CANCELLING")
# An SQS that has no such tasks, or has none for this queue.
_NOT_HERE = frozenset({"InvalidAction", "UnknownOperationException", "UnsupportedOperation"})


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


def start(sqs: Any, source: str, destination: str, rate: float | None) -> bool:
    """Start a task for the queue with the ARN `source`, if none runs; whether SQS has such tasks for it."""
    if not _supported(sqs, source):
        return False
    if _latest(sqs, source).status in _RUNNING:
        return True
    limit = {} if rate is None else {"MaxNumberOfMessagesPerSecond": max(1, min(MOST_A_SECOND, int(rate)))}
    permission = "sqs:StartMessageMoveTask, and to receive and delete there and send to the queue"
    with explaining("start moving messages", permission):
        sqs.start_message_move_task(SourceArn=source, DestinationArn=destination, **limit)
    return True


def follow(sqs: Any, source: str, watch: Watch) -> Moved:
    """Wait until the task of a queue has ended; cancel it when it is to stop."""
    cancelled = False
    while True:
        task = _latest(sqs, source)
        watch.progress(task.moved, task.of)
        if task.status not in _RUNNING:
            return task
        if watch.stopped() and not cancelled:
            _cancel(sqs, source)
            cancelled = True
        waited = 0.0
        while waited < _POLL_SECONDS and (cancelled or not watch.stopped()):
            watch.sleep(_NAP)
            waited += _NAP


def _supported(sqs: Any, source: str) -> bool:
    from botocore.exceptions import ClientError

    with explaining("list what moves messages", "sqs:ListMessageMoveTasks"):
        try:
            sqs.list_message_move_tasks(SourceArn=source)
        except ClientError as error:
            if error_code(error) in _NOT_HERE:
                return False
            raise
    return True


def _latest(sqs: Any, source: str) -> Moved:
    with explaining("list what moves messages", "sqs:ListMessageMoveTasks"):
        tasks = sqs.list_message_move_tasks(SourceArn=source).get("Results", [])
    task = tasks[0] if tasks else {}
    return Moved(
        status=task.get("Status", "NONE"),
        moved=int(task.get("ApproximateNumberOfMessagesMoved", 0)),
        of=int(task.get("ApproximateNumberOfMessagesToMove", 0)),
        reason=task.get("FailureReason", ""),
    )


def _cancel(sqs: Any, source: str) -> None:
    with explaining("cancel the task", "sqs:CancelMessageMoveTask"):
        for task in sqs.list_message_move_tasks(SourceArn=source).get("Results", []):
            if task.get("Status") == "RUNNING":
                sqs.cancel_message_move_task(TaskHandle=task["TaskHandle"])
