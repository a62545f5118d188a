"""Virtual time: what happens when, and the tasks that wait for it. All of it in one thread."""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any, cast

from greenlet import GreenletExit, getcurrent, greenlet

MICROSECOND = 1
MILLISECOND = 1000
SECOND = 1_000_000
MINUTE = 60 * SECOND

Action = Callable[[], Any]


class Task(greenlet):
    """Code that waits in virtual time: an invocation, or a thread that one started.

    A `dead` task never goes on, and what it still tries while Python takes it apart has no effect. While it
    is `frozen` it stands still.
    """

    dead = False
    frozen = False
    owner: Any = None


class Kernel:
    """The clock and what is due, in the order in which it was planned where the time is the same."""

    def __init__(self) -> None:
        self.now = 0
        self._due: list[tuple[int, int, Action]] = []
        self._planned = 0
        self._until = 0
        self._hub = getcurrent()

    def at(self, when: int, action: Action) -> None:
        """Plan an action for a time, in microseconds."""
        self._planned += 1
        heappush(self._due, (when, self._planned, action))

    def after(self, delay: int, action: Action) -> None:
        """Plan an action `delay` microseconds from now."""
        self._planned += 1
        heappush(self._due, (self.now + delay, self._planned, action))

    def run(self, until: int) -> None:
        """Let time pass, until nothing is due any more or the time has come."""
        due, self._until = self._due, until
        while due and due[0][0] <= until:
            self.now, _, action = heappop(due)
            action()

    def forget(self) -> None:
        """Let nothing be due any more."""
        self._due.clear()

    @property
    def idle(self) -> bool:
        """Whether nothing is due any more."""
        return not self._due

    def start(self, work: Action, owner: Any) -> Task:
        """A task that begins when it is resumed."""
        task = Task(work, parent=self._hub)
        task.owner = owner
        return task

    def resume(self, task: Task) -> None:
        """Go on with a task, unless it is dead, over or frozen. Only what is due does this, never a task."""
        if not (task.dead or task.frozen):
            task.switch()

    def sleep(self, delay: int) -> None:
        """Let the task that calls this wait; where nothing else happens meanwhile, without a switch."""
        task, wakes = current(), self.now + delay
        if wakes <= self._until and not task.dead and not (self._due and self._due[0][0] <= wakes):
            self.now = wakes
            return
        self.at(wakes, lambda: self.resume(task))
        self.pause(task)

    def pause(self, task: Task) -> None:
        """Let the task that calls this wait until it is resumed."""
        if task.dead:
            raise GreenletExit
        self._hub.switch()
        if task.dead:
            raise GreenletExit

    def end(self, task: Task) -> None:
        """End a task where it stands, as a process that is killed: nothing it still tries has an effect."""
        task.dead = True
        self.after(0, lambda: task.throw(GreenletExit) if task else None)


current = cast(Callable[[], Task], getcurrent)  # the task that runs
