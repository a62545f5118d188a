"""The number of processes for a function: as many as this machine can use, more only if calls wait for calls.

MiniStack starts a process for each call that finds none idle. A burst of 80 calls starts 80, which on two
cores are still importing when the first callers time out. AWS has the capacity for that; here calls wait
for a process. A function that calls itself would wait forever: so if no call of a function has ended for a
while, one more process is started.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

PATIENCE = 1.0  # seconds


class Pool:
    """Assigns the processes of MiniStack's `runtime` to calls; `width` is the usual maximum per function."""

    def __init__(
        self, runtime: Any, width: int, patience: float = PATIENCE, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._runtime = runtime
        self._width = width
        self._patience = patience
        self._now = now
        # MiniStack's own lock, since it also works with the processes itself.
        self._changed = threading.Condition(runtime._lock)
        self._moved: dict[str, float] = {}

    def acquire(
        self,
        name: str,
        config: Any,
        code: bytes,
        qualifier: str = "$LATEST",
        max_concurrency: int | None = None,
    ) -> tuple[Any, str]:
        """Wait for a free worker, and return it and whether it is reused or spawned."""
        key = self._runtime._worker_key(name, config, qualifier)
        with self._changed:
            while True:
                workers = self._runtime._workers.setdefault(key, [])
                if idle := next((worker for worker in workers if not worker.in_use), None):
                    return self._lease(idle), "reused"
                if len(workers) < self._width or self._is_stuck(key, workers):
                    self._moved[key] = self._now()
                    workers.append(self._runtime._worker_class_for(config)(name, config, code))
                    return self._lease(workers[-1]), "spawn"
                self._changed.wait(self._patience)

    def release(self, worker: Any) -> None:
        """Mark a worker as free."""
        if worker is None:
            return
        with self._changed:
            worker.in_use = False
            qualifier = worker.config.get("Version", "$LATEST")
            self._moved[self._runtime._worker_key(worker.func_name, worker.config, qualifier)] = self._now()
            self._changed.notify_all()

    def _is_stuck(self, key: str, workers: list[Any]) -> bool:
        """Whether for a while no call has ended, and no worker is starting."""
        starting = any(worker._start_time is None for worker in workers)
        return not starting and self._now() - self._moved.get(key, 0.0) >= self._patience

    def _lease(self, worker: Any) -> Any:
        worker.in_use = True
        worker.last_used = time.time()
        return worker


def mend_pool(runtime: Any, lambda_svc: Any, width: int) -> None:
    """Make these MiniStack modules wait for existing processes before they start more than `width`."""
    pool = Pool(runtime, width)
    runtime.acquire_worker = lambda_svc.acquire_worker = pool.acquire
    runtime.release_worker = lambda_svc.release_worker = pool.release
