"""Threads and locks in virtual time: a thread is a task of its container, and waits as one."""

import threading as real
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from greenlet import getcurrent

from iotgen.prove.kernel import SECOND, Kernel, current


class Lock:
    """A lock of the standard library's, whose owner is a task; loading a module takes it at once."""

    def __init__(self) -> None:
        self._owner: Any = None
        self._waiting: list[Any] = []

    def __deepcopy__(self, _known: Any) -> "Lock":
        return type(self)()  # in a new container nobody has it

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take it, or wait for it."""
        while self._owner is not None:
            if not blocking or not _wait(self._waiting, timeout):
                return False
        self._owner = getcurrent()
        return True

    def release(self) -> None:
        """Give it back; the first that waits goes on."""
        if self._owner is None:
            raise RuntimeError("release unlocked lock")
        self._owner = None
        _wake(self._waiting, 1)

    def locked(self) -> bool:
        """Whether somebody has it."""
        return self._owner is not None

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


class RLock(Lock):
    """A lock that its owner may take again."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take it, or take it again, or wait for it."""
        if self._owner is getcurrent():
            self._depth += 1
            return True
        return super().acquire(blocking, timeout)

    def release(self) -> None:
        """Give it back, as often as it was taken."""
        if self._depth:
            self._depth -= 1
        else:
            super().release()


class Condition:
    """A condition of the standard library's."""

    def __init__(self, lock: Any = None) -> None:
        self._lock = lock or RLock()
        self._waiting: list[Any] = []
        self.acquire, self.release = self._lock.acquire, self._lock.release

    def __enter__(self) -> Any:
        return self._lock.__enter__()

    def __exit__(self, *given: object) -> None:
        self._lock.__exit__(*given)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait to be notified."""
        self._lock.release()
        woken = _wait(self._waiting, -1 if timeout is None else timeout)
        self._lock.acquire()
        return woken

    def wait_for(self, predicate: Callable[[], Any], timeout: float | None = None) -> Any:
        """Wait until something holds."""
        kernel = _kernel()
        ends = None if timeout is None else kernel.now + int(timeout * SECOND)
        while not (holds := predicate()):
            left = None if ends is None else (ends - kernel.now) / SECOND
            if left is not None and left <= 0:
                break
            self.wait(left)
        return holds

    def notify(self, n: int = 1) -> None:
        """Let some go on."""
        _wake(self._waiting, n)

    def notify_all(self) -> None:
        """Let all go on."""
        _wake(self._waiting, len(self._waiting))


class Event:
    """An event of the standard library's."""

    def __init__(self) -> None:
        self._set = False
        self._waiting: list[Any] = []

    def is_set(self) -> bool:
        """Whether it has happened."""
        return self._set

    def set(self) -> None:
        """Let it happen."""
        self._set = True
        _wake(self._waiting, len(self._waiting))

    def clear(self) -> None:
        """Forget it."""
        self._set = False

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for it."""
        if not self._set:
            _wait(self._waiting, -1 if timeout is None else timeout)
        return self._set


class Semaphore:
    """A semaphore of the standard library's."""

    def __init__(self, value: int = 1) -> None:
        self._value = value
        self._condition = Condition()

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        """Take one, or wait for it."""
        with self._condition:
            if not blocking and not self._value:
                return False
            taken = bool(self._condition.wait_for(lambda: self._value > 0, timeout))
            self._value -= taken
            return taken

    def release(self, n: int = 1) -> None:
        """Give some back."""
        with self._condition:
            self._value += n
            self._condition.notify(n)

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


class Thread:
    """A thread of the standard library's, which stands still while its container is not invoked."""

    def __init__(
        self,
        group: None = None,
        target: Callable[..., Any] | None = None,
        name: str | None = None,
        args: Any = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        daemon: bool | None = None,
    ) -> None:
        self._target, self._args, self._kwargs = target, args, kwargs or {}
        self.name, self.daemon = name or "thread", bool(daemon)
        self._started = False
        self._over = Event()

    def run(self) -> None:
        """Do its work."""
        if self._target:
            self._target(*self._args, **self._kwargs)

    def start(self) -> None:
        """Begin."""
        self._started = True
        current().owner.spawn(self._work)

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end."""
        self._over.wait(timeout)

    def is_alive(self) -> bool:
        """Whether it has begun and not ended."""
        return self._started and not self._over.is_set()

    def _work(self) -> None:
        try:
            self.run()
        except Exception:
            return  # Python prints it, and the others go on
        finally:
            self._over.set()


def module() -> ModuleType:
    """A module that stands for Python's own."""
    simulated = ModuleType(real.__name__)
    simulated.__dict__.update(vars(real))
    simulated.__dict__.update(
        Thread=Thread,
        Lock=Lock,
        RLock=RLock,
        Condition=Condition,
        Event=Event,
        Semaphore=Semaphore,
        BoundedSemaphore=Semaphore,
        current_thread=real.main_thread,
        get_ident=lambda: id(getcurrent()),
        _register_atexit=lambda *_: None,
    )
    return simulated


def _kernel() -> Kernel:
    kernel: Kernel = current().owner.kernel
    return kernel


def _wait(waiting: list[Any], seconds: float) -> bool:
    """Let the task wait among others; False if it waited so many seconds in vain, never where negative."""
    kernel, task = _kernel(), current()
    woken: list[bool] = []

    def wake(by_others: bool) -> None:
        if not woken:
            woken.append(by_others)
            kernel.resume(task)

    def by_others() -> None:
        wake(True)

    waiting.append(by_others)
    if seconds >= 0:
        kernel.after(int(seconds * SECOND), lambda: wake(False))
    kernel.pause(task)
    if by_others in waiting:
        waiting.remove(by_others)
    return woken[0]


def _wake(waiting: list[Any], count: int) -> None:
    for entry in waiting[:count]:
        waiting.remove(entry)
        _kernel().after(0, entry)
