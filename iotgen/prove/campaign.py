"""Many histories, on all processors: a process for each, which keeps its containers."""

import gc
import logging
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

from iotgen.prove.aws.errors import Unsimulated
from iotgen.prove.history import History, Simulator
from iotgen.prove.laws import Place
from iotgen.prove.modules import Code
from iotgen.prove.seen import Line
from iotgen.prove.shrinking import shortest
from iotgen.prove.subject import Subject

# Histories of one piece of work: long enough to cost nothing to hand over, short enough to see progress.
_PIECE = 25
_MOST_BROKEN = 20
# New objects after which Python looks for cycles: some megabytes of them.
_SELDOM = 50_000


@dataclass(frozen=True)
class Broken:
    """A seed whose history breaks laws."""

    seed: int
    laws: tuple[str, ...]


@dataclass
class Tally:
    """What came of the histories so far. `most_calls` is of one invocation, and the rest of all together."""

    histories: int = 0
    requests: int = 0
    readings: int = 0
    calls: int = 0
    most_calls: int = 0
    met: Counter[str] = field(default_factory=Counter)
    broken: list[Broken] = field(default_factory=list)
    failed: int = 0
    lines: frozenset[Line] = frozenset()
    ran: frozenset[Line] = frozenset()

    def add(self, other: "Tally") -> None:
        """Add what came of others."""
        self.histories += other.histories
        self.requests += other.requests
        self.readings += other.readings
        self.calls += other.calls
        self.most_calls = max(self.most_calls, other.most_calls)
        self.met.update(other.met)
        self.failed += other.failed
        self.broken = sorted(self.broken + other.broken, key=lambda one: one.seed)[:_MOST_BROKEN]
        self.lines |= other.lines
        self.ran |= other.ran


class Campaign:
    """Processes that try histories of one subject."""

    def __init__(self, pool: ProcessPoolExecutor, workers: int) -> None:
        self._pool, self._workers = pool, workers

    def places(self) -> dict[str, Place]:
        """What becomes of readings in calm, by where they come in; empty where none are taken."""
        return self._pool.submit(_places).result()

    def run(self, seeds: range, going_on: Callable[[Tally], bool]) -> Tally:
        """Try the histories of seeds, in order; `going_on` is asked with what came of those so far."""
        tally = Tally()
        pieces = iter(range(seeds.start, seeds.stop, _PIECE))
        running: set[Future[Tally]] = set()
        more = True
        while more or running:
            while more and len(running) < 2 * self._workers:
                start = next(pieces, None)
                if start is None:
                    more = False
                else:
                    running.add(self._pool.submit(_piece, start, min(start + _PIECE, seeds.stop)))
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for one in done:
                tally.add(one.result())
            more = more and going_on(tally)
        return tally

    def ask(self, work: Callable[..., Any], *given: Any) -> Any:
        """What a function of a module gives for the shape, the codes and what is given."""
        return self._pool.submit(_asked, work, given).result()

    def told(self, seed: int) -> History:
        """The history of a seed, told."""
        return self._pool.submit(_told, seed).result()

    def shortest(self, seed: int) -> History:
        """The shortest history found that breaks what a seed's breaks, told."""
        return self._pool.submit(_shortest, seed).result()


@contextmanager
def campaign(subject: Subject, workers: int) -> Iterator[Campaign]:
    """Start the processes. Python's hashes are the same in all, so that sets have the same order."""
    before = os.environ.get("PYTHONHASHSEED")
    os.environ["PYTHONHASHSEED"] = "0"
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _begin, (subject,))
    try:
        yield Campaign(pool, workers)
    finally:
        pool.shutdown(cancel_futures=True)
        if before is None:
            del os.environ["PYTHONHASHSEED"]
        else:
            os.environ["PYTHONHASHSEED"] = before


class _Nowhere:
    """Where the logs of handlers go."""

    def write(self, text: str) -> int:
        """Drop a text."""
        return len(text)

    def flush(self) -> None:
        """Nothing is held."""


_SUBJECTS: list[Subject] = []
_CODES: dict[str, Code] = {}


class UnprovableError(Exception):
    """Why the handlers cannot be tried."""


def _begin(subject: Subject) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    sys.path += subject.packages
    sys.stdout = sys.stderr = _Nowhere()
    # Nobody reads what handlers log: to write the lines took an eighth of the time of a history.
    logging.disable()
    _SUBJECTS.append(subject)
    for one in subject.shape.functions:
        _CODES[one.key] = Code(one.folders, subject.root, subject.replaced)


def _end_with_parent() -> None:
    """End this process once the one that asks it is killed, which tells its workers nothing."""
    if parent := parent_process():
        parent.join()
        os._exit(1)


@cache
def _simulator() -> Simulator:
    """That of this process, made when it is first needed."""
    try:
        simulator = Simulator(_SUBJECTS[0].shape, _CODES, _SUBJECTS[0].places)
    except Unsimulated as error:
        raise UnprovableError(str(error)) from error
    # What is loaded by now stays to the end: to look for cycles in it took a tenth of the time of a history.
    gc.collect()
    gc.freeze()
    # Histories leave few cycles behind: to look for them as often as Python does took a twentieth.
    gc.set_threshold(_SELDOM)
    return simulator


def _asked(work: Callable[..., Any], given: tuple[Any, ...]) -> Any:
    try:
        return work(_SUBJECTS[0].shape, _CODES, *given)
    except Unsimulated as error:
        raise UnprovableError(str(error)) from error


def _places() -> dict[str, Place]:
    return _simulator().places


def _piece(start: int, stop: int) -> Tally:
    return tally_of([_history(seed) for seed in range(start, stop)], _CODES)


def _history(seed: int, *, told: bool = False) -> History:
    try:
        return _simulator().history(seed, told=told)
    except Unsimulated as error:
        raise UnprovableError(str(error)) from error


def tally_of(histories: Sequence[History], codes: Mapping[str, Code]) -> Tally:
    """What came of some histories, and which lines of code have run."""
    tally = Tally(
        histories=len(histories),
        lines=frozenset(line for code in codes.values() for line in code.seen.lines),
        ran=frozenset(line for code in codes.values() for line in code.seen.ran),
    )
    for history in histories:
        tally.requests += history.requests
        tally.readings += history.readings
        tally.calls += history.calls
        tally.most_calls = max(tally.most_calls, history.most_calls)
        tally.met.update(history.met)
        if history.broken:
            tally.failed += 1
            tally.broken.append(Broken(history.seed, history.broken))
    return tally


def _told(seed: int) -> History:
    return _history(seed, told=True)


def _shortest(seed: int) -> History:
    return shortest(_simulator(), seed)
