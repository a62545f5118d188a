"""Virtual time and chance: what is due happens in order, and choices can be given."""

from hypothesis import given
from hypothesis import strategies as st

from iotgen.prove.chance import Chance
from iotgen.prove.kernel import SECOND, Kernel, Task
from iotgen.prove.threads import Condition, Event, Lock, RLock, Semaphore, Thread


class Owner:
    """What owns tasks: it has a kernel, and starts threads."""

    def __init__(self) -> None:
        self.kernel = Kernel()

    def spawn(self, work: object) -> Task:
        """Start a task."""
        task = self.kernel.start(work, self)  # type: ignore[arg-type]
        self.kernel.after(0, lambda: self.kernel.resume(task))
        return task


@given(st.lists(st.integers(0, 100)))
def test_what_is_due_happens_in_the_order_of_time_and_then_of_planning(times: list[int]) -> None:
    kernel, seen = Kernel(), list[tuple[int, int]]()
    for number, at in enumerate(times):
        kernel.at(at, lambda number=number: seen.append((kernel.now, number)))  # type: ignore[misc]
    kernel.run(100)
    assert seen == sorted((at, number) for number, at in enumerate(times))


def test_a_task_waits_without_time_passing_elsewhere() -> None:
    owner, seen = Owner(), list[tuple[str, int]]()
    kernel = owner.kernel

    def work(name: str, seconds: int) -> None:
        for _ in range(2):
            kernel.sleep(seconds * SECOND)
            seen.append((name, kernel.now // SECOND))

    owner.spawn(lambda: work("slow", 3))
    owner.spawn(lambda: work("fast", 1))
    kernel.run(60 * SECOND)
    assert seen == [("fast", 1), ("fast", 2), ("slow", 3), ("slow", 6)]


def test_a_task_that_is_ended_does_nothing_more() -> None:
    owner, seen = Owner(), list[str]()

    def work() -> None:
        try:
            owner.kernel.sleep(2 * SECOND)
        finally:
            seen.append("cleaned up")
        seen.append("went on")

    task = owner.spawn(work)
    owner.kernel.at(SECOND, lambda: owner.kernel.end(task))
    owner.kernel.run(60 * SECOND)
    assert seen == ["cleaned up"]


def test_threads_and_locks_work_as_python_s() -> None:
    owner, seen = Owner(), list[str]()
    lock, condition, event, two = RLock(), Condition(Lock()), Event(), Semaphore(2)

    def worker(name: str) -> None:
        with two, lock, lock:
            owner.kernel.sleep(SECOND)
            seen.append(name)
        with condition:
            condition.notify_all()
        event.set()

    def main() -> None:
        threads = [Thread(target=worker, args=(name,)) for name in "abc"]
        for thread in threads:
            thread.start()
        assert not event.wait(0.5)
        with condition:
            assert condition.wait_for(lambda: len(seen) == 3, timeout=10)
        for thread in threads:
            thread.join()
        assert not any(thread.is_alive() for thread in threads)
        seen.append("done")

    owner.spawn(main)
    owner.kernel.run(60 * SECOND)
    assert seen == ["a", "b", "c", "done"]


@given(st.integers(0, 2**32), st.lists(st.integers(1, 1000), max_size=50))
def test_choices_that_were_taken_can_be_taken_again(seed: int, bounds: list[int]) -> None:
    first = Chance(seed)
    taken = [first.below(bound) for bound in bounds]
    again = Chance(0, first.taken)
    assert [again.below(bound) for bound in bounds] == taken
    assert all(0 <= value < bound for value, bound in zip(taken, bounds, strict=True))


def test_what_is_not_given_is_harmless() -> None:
    chance = Chance(5, [1])
    assert [chance.happens(0.5), chance.happens(0.5), chance.below(9)] == [True, False, 0]
