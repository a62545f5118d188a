"""Which process a call gets, with a runtime that starts none."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from iotgen.local.emulator.pool import Pool

CONFIG = {"FunctionName": "f"}


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def runtime() -> Any:
    def worker(name: str, config: Any, _code: bytes) -> Any:
        return SimpleNamespace(func_name=name, config=config, in_use=False, _start_time=1.0, last_used=0.0)

    return SimpleNamespace(
        _lock=threading.Lock(),
        _workers={},
        _worker_key=lambda name, _config, qualifier: f"{name}:{qualifier}",
        _worker_class_for=lambda _config: worker,
    )


@pytest.fixture
def pool(runtime: Any, clock: Clock) -> Pool:
    return Pool(runtime, width=2, patience=0.05, now=clock)


def waiting(pool: Pool) -> tuple[threading.Thread, list[Any]]:
    got: list[Any] = []
    thread = threading.Thread(target=lambda: got.append(pool.acquire("f", CONFIG, b"")))
    thread.start()
    return thread, got


def test_an_idle_one_is_taken_before_another_is_started(pool: Pool) -> None:
    first, how = pool.acquire("f", CONFIG, b"")
    assert how == "spawn"
    pool.release(first)
    assert pool.acquire("f", CONFIG, b"") == (first, "reused")
    assert pool.acquire("f", CONFIG, b"")[1] == "spawn"


def test_past_the_width_a_call_waits_for_the_end_of_another(pool: Pool, runtime: Any) -> None:
    busy = [pool.acquire("f", CONFIG, b"")[0] for _ in range(2)]
    thread, got = waiting(pool)
    thread.join(0.2)
    assert got == []
    assert pool.acquire("g", CONFIG, b"")[1] == "spawn"
    pool.release(busy[1])
    thread.join(10)
    assert got == [(busy[1], "reused")]
    assert len(runtime._workers["f:$LATEST"]) == 2


def test_where_no_call_ends_one_more_is_started_at_a_time(pool: Pool, runtime: Any, clock: Clock) -> None:
    for _ in range(2):
        pool.acquire("f", CONFIG, b"")
    clock.now += 1
    assert pool.acquire("f", CONFIG, b"")[1] == "spawn"
    thread, got = waiting(pool)
    thread.join(0.2)
    assert got == []
    clock.now += 1
    thread.join(10)
    assert len(got) == 1
    assert len(runtime._workers["f:$LATEST"]) == 4


def test_one_that_is_starting_is_waited_for(pool: Pool, clock: Clock) -> None:
    busy = [pool.acquire("f", CONFIG, b"")[0] for _ in range(2)]
    busy[0]._start_time = None
    clock.now += 60
    thread, got = waiting(pool)
    thread.join(0.2)
    assert got == []
    pool.release(busy[0])
    thread.join(10)
    assert got == [(busy[0], "reused")]


def test_nothing_to_release_is_nothing(pool: Pool) -> None:
    pool.release(None)
