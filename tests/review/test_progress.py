"""How far an apply is, by kind, with why it takes long."""

from iotgen.review.progress import Progress
from iotgen.terraform.stream import Stage, Step
from tests.conftest import Compiled
from tests.review.conftest import review_of
from tests.review.planner import contents


class Clock:
    """A clock that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def step(stage: Stage, address: str) -> Step:
    return Step(stage, address, address.partition(".")[0], "create")


def test_a_kind_is_a_line_that_counts(small: Compiled) -> None:
    clock = Clock()
    progress = Progress(review_of(small, contents(None, small)), clock)
    assert not list(progress.lines)
    queues = ["jobs", "jobs_dlq", "reader_async_dlq", "writer_async_dlq"]
    for name in queues:
        line = progress.take(step(Stage.START, f"aws_sqs_queue.{name}"))
    assert line
    assert line.text == "queues 0/4"
    clock.now = 25.4
    progress.take(step(Stage.PROGRESS, "aws_sqs_queue.jobs"))
    assert progress.take(step(Stage.COMPLETE, "aws_sqs_queue.jobs_dlq")) is line
    assert line.text == "queues 1/4  25 s: the provider waits 25 s for each write of a queue's attributes"
    assert not line.finished
    clock.now = 40
    (shown,) = progress.lines
    assert shown.text.startswith("queues 1/4  40 s: ")
    for name in queues:
        progress.take(step(Stage.COMPLETE, f"aws_sqs_queue.{name}"))
    assert line.finished


def test_what_the_plan_does_not_have_is_not_counted(small: Compiled) -> None:
    progress = Progress(review_of(small, contents(None, small)), Clock())
    assert progress.take(step(Stage.START, "data.aws_partition.current")) is None


def test_a_removal_is_counted_too(small: Compiled) -> None:
    progress = Progress(review_of(small, contents(small, None)), Clock())
    line = progress.take(step(Stage.COMPLETE, "aws_dynamodb_table.readings"))
    assert line
    assert line.text == "tables 1/2"
