import threading
from typing import Any

import pytest
from readings.deadline import Worker


def test_gives_what_the_work_gives() -> None:
    worker = Worker()
    assert worker.run(lambda: 1, 60) == 1
    assert worker.run(lambda: 2, 60) == 2


def test_raises_what_the_work_raises() -> None:
    def fail() -> Any:
        raise KeyError("a")

    worker = Worker()
    with pytest.raises(KeyError):
        worker.run(fail, 60)
    assert worker.run(lambda: 1, 60) == 1


def test_leaves_behind_what_takes_longer_and_never_two() -> None:
    worker, released, begun = Worker(), threading.Event(), list[int]()
    with pytest.raises(TimeoutError):
        worker.run(released.wait, 0)
    with pytest.raises(TimeoutError, match="earlier work has not ended yet"):
        worker.run(lambda: begun.append(1), 60)
    assert begun == []
    left = worker._thread
    released.set()
    assert left
    left.join()
    assert worker.run(lambda: 1, 60) == 1
