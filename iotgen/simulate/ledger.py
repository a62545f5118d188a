"""What was answered to each reading, and how long it took: one byte a reading, eight a request."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntFlag
from threading import Lock

from iotgen.simulate.packets import Packet

_RECENT = 500
_MOST_REASONS = 1000
_LONGEST_REASON = 200


class Answer(IntFlag):
    """What became of a reading as far as its sender knows; nothing at all when it was not sent."""

    ACCEPTED = 1
    REJECTED = 2
    UNEXPLAINED = 4  # rejected, and nobody said why
    UNANSWERED = 8
    PUT = 16  # in the bucket; whether it is accepted shows later


@dataclass(frozen=True, slots=True)
class Reply:
    """What a destination says to a packet.

    `again` is one that has to be sent again, `after` as many seconds as the destination asked for. Else
    `accepted` is what became of the readings that are not `rejected`, which go by their place in the packet.
    """

    status: str
    accepted: Answer = Answer.ACCEPTED
    rejected: Mapping[int, str] = field(default_factory=dict)
    contradiction: str = ""
    again: bool = False
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How far a run is; `latencies` are those of the last requests that were not put off, in seconds."""

    planned: int
    sent: int
    rejected: int
    unanswered: int
    requests: int
    waited: int
    latencies: Sequence[float]


@dataclass(frozen=True)
class Record:
    """All that was noted of a run: `answers` holds an Answer for each reading.

    `latencies` are those of requests that were not put off, in seconds. `statuses` counts requests, `reasons`
    rejections; `contradictions` are answers that can't be.
    """

    answers: bytes
    latencies: Sequence[float]
    statuses: Mapping[str, int]
    reasons: Mapping[str, int]
    contradictions: Sequence[str]
    repeated: int
    waited: int


class Ledger:
    """Takes notes from many threads."""

    def __init__(self, count: int) -> None:
        self._lock = Lock()
        self._answers = bytearray(count)
        self._totals: Counter[Answer] = Counter()
        self._latencies = array("d")
        self._statuses: Counter[str] = Counter()
        self._reasons: Counter[str] = Counter()
        self._contradictions: list[str] = []
        self._repeated = 0
        self._waited = 0

    @property
    def has_answers(self) -> bool:
        """Whether the destination has settled anything yet."""
        return bool(self._totals[Answer.ACCEPTED] + self._totals[Answer.REJECTED] + self._totals[Answer.PUT])

    def request(self, reply: Reply, seconds: float) -> None:
        """Note one request; how long it took only where it was carried out."""
        with self._lock:
            self._statuses[reply.status] += 1
            if not reply.again:
                self._latencies.append(seconds)

    def repeat(self) -> None:
        """Note a request whose answer is taken as lost."""
        with self._lock:
            self._repeated += 1

    def wait(self) -> None:
        """Note that the destination asked for patience, or failed."""
        with self._lock:
            self._waited += 1

    def settle(self, packet: Packet, reply: Reply) -> None:
        """Note what became of a packet's readings."""
        with self._lock:
            if reply.contradiction:
                self._contradictions.append(
                    f"readings {packet.first} to {packet.stop - 1}: {reply.contradiction}"
                )
            for place, number in enumerate(packet.numbers):
                reason = reply.rejected.get(place)
                if reason is None:
                    self._note(number, reply.accepted)
                else:
                    self._note(number, Answer.REJECTED if reason else Answer.UNEXPLAINED)
                    self._reason(reason)

    def give_up(self, packet: Packet) -> None:
        """Note that nobody knows what became of a packet's readings."""
        with self._lock:
            for number in packet.numbers:
                self._note(number, Answer.UNANSWERED)

    def snapshot(self) -> Snapshot:
        """How far it is."""
        with self._lock:
            totals = self._totals
            return Snapshot(
                planned=len(self._answers),
                sent=totals.total(),
                rejected=totals[Answer.REJECTED] + totals[Answer.UNEXPLAINED],
                unanswered=totals[Answer.UNANSWERED],
                requests=self._statuses.total(),
                waited=self._waited,
                latencies=self._latencies[-_RECENT:],
            )

    def record(self) -> Record:
        """All of it."""
        with self._lock:
            return Record(
                answers=bytes(self._answers),
                latencies=self._latencies[:],
                statuses=dict(self._statuses),
                reasons=dict(self._reasons),
                contradictions=tuple(self._contradictions),
                repeated=self._repeated,
                waited=self._waited,
            )

    def _note(self, number: int, answer: Answer) -> None:
        self._answers[number] = answer
        self._totals[answer] += 1

    def _reason(self, reason: str) -> None:
        reason = reason[:_LONGEST_REASON] or "(no reason)"
        full = len(self._reasons) >= _MOST_REASONS and reason not in self._reasons
        self._reasons["(other reasons)" if full else reason] += 1
