"""Letters taken out of a dead-letter queue: kept, tried again where that is wanted, and only then deleted.

Whatever ends this in between, a letter is still in its queue or somewhere else as well: none is lost, and one
may be tried again twice.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from iotgen.errors import IotgenError
from iotgen.operate.dlq.kept import Kept
from iotgen.operate.dlq.letter import DeadLetter, Filter
from iotgen.operate.dlq.receiving import BATCH, Receiver, receiving
from iotgen.operate.dlq.retry import Send

# A letter that died again meanwhile is left for the next time. SQS's clock and this one may differ a little.
_SLACK_MS = 2_000
# How long a stop may have to wait, in seconds.
_NAP = 0.2


@dataclass(frozen=True)
class Pace:
    """At most `rate` letters a second, None for as fast as it goes; `clock` is in seconds."""

    rate: float | None
    clock: Callable[[], float]
    sleep: Callable[[float], None]

    @property
    def at_once(self) -> int:
        """How many letters go together."""
        return BATCH if self.rate is None else max(1, min(BATCH, int(self.rate)))

    def slices(self, letters: Sequence[DeadLetter]) -> Iterator[Sequence[DeadLetter]]:
        """The letters, as many at a time as may go together."""
        for start in range(0, len(letters), self.at_once):
            yield letters[start : start + self.at_once]

    def wait(self, began: float, done: int, stopped: Callable[[], bool]) -> None:
        """Wait until `done` letters are not too many since `began`, or it is to stop."""
        due = began + done / self.rate if self.rate else began
        while (left := due - self.clock()) > 0 and not stopped():
            self.sleep(min(left, _NAP))


@dataclass(frozen=True)
class Wanted:
    """Which letters go, how many at most, and how fast; `stopped` is asked between the calls."""

    filter: Filter
    most: int | None
    pace: Pace
    stopped: Callable[[], bool] = lambda: False
    progress: Callable[[int], None] = lambda _done: None


@dataclass
class Removed:
    """What came of it: how many letters went, and why others that were wanted are still there, by id.

    `complete` is whether the whole queue was gone through; `error` is what ended it before.
    """

    removed: int = 0
    looked_at: int = 0
    complete: bool = False
    stopped: bool = False
    kept: Path | None = None
    failed: dict[str, str] = field(default_factory=dict)
    error: IotgenError | None = None


def remove(
    sqs: Any, url: str, expected: int, wanted: Wanted, kept: Kept, send: Send | None, now_ms: int
) -> Removed:
    """Take letters out of the queue at `url`, which holds about `expected`; without `send` they are dropped.

    Letters that were sent after `now_ms` stay.
    """
    done = Removed()
    began = wanted.pace.clock()
    why = "redrive" if send else "drop"
    try:
        with receiving(sqs, url, expected) as receiver:
            for letters in _slices(receiver, wanted, now_ms + _SLACK_MS, done):
                wanted.pace.wait(began, done.removed, wanted.stopped)
                if wanted.stopped():
                    break
                chosen = letters if wanted.most is None else letters[: wanted.most - done.removed]
                _take(receiver, chosen, kept, send, why, done)
                wanted.progress(done.removed)
                if done.removed == wanted.most:
                    break
            done.complete = receiver.complete
    except IotgenError as error:
        done.error = error
    done.stopped, done.kept = wanted.stopped(), kept.path
    return done


def _slices(receiver: Receiver, wanted: Wanted, latest: int, done: Removed) -> Iterator[Sequence[DeadLetter]]:
    """The letters that are wanted, as many at a time as the pace allows."""
    for batch in receiver.batches():
        if wanted.stopped():
            return
        done.looked_at = receiver.received
        chosen = [letter for letter in batch if letter.sent_ms <= latest and wanted.filter.takes(letter)]
        yield from wanted.pace.slices(chosen)


def _take(
    receiver: Receiver, letters: Sequence[DeadLetter], kept: Kept, send: Send | None, why: str, done: Removed
) -> None:
    kept.keep(letters, why)
    refused = send(letters) if send else {}
    sent = [letter for letter in letters if letter.id not in refused]
    undeleted = receiver.delete(sent)
    done.failed |= dict(refused) | {id: f"it could not be deleted: {code}" for id, code in undeleted.items()}
    done.removed += len(sent) - len(undeleted)
