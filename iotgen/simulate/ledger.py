"""The answers to readings and the latencies: one byte for each reading, eight for each request."""

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
    """The result of a reading as its sender knows it; 0 if it was not sent."""

    ACCEPTED = 1
    REJECTED = 2
    UNEXPLAINED = 4  # rejected without a reason
    UNANSWERED = 8
    PUT = 16  # in the bucket; only the stores show whether it is accepted


@dataclass(frozen=True, slots=True)
class Reply:
    """A destination's reply to a packet.

    With `again`, the packet has to be sent again, `after` the requested number of seconds. Otherwise
    `accepted` is the answer for readings that are not `rejected`; these have their index in the packet and
    the reason.
    """

    status: str
    accepted: Answer = Answer.ACCEPTED
    rejected: Mapping[int, str] = field(default_factory=dict)
    contradiction: str = ""
    again: bool = False
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The progress of a run; `latencies` are those of recent requests that need no retry, in seconds."""

    planned: int
    sent: int
    rejected: int
    unanswered: int
    requests: int
    waited: int
    latencies: Sequence[float]


@dataclass(frozen=True)
class Record:
    """The record of a run: `answers` has an Answer for each reading.

    `latencies` are those of requests that need no retry, in seconds. `statuses` counts requests, `reasons`
    rejections; `contradictions` are inconsistent responses.
    """

    answers: bytes
    latencies: Sequence[float]
    statuses: Mapping[str, int]
    reasons: Mapping[str, int]
    contradictions: Sequence[str]
    repeated: int
    waited: int


class Ledger:
    """Records answers from many threads."""

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
        """Whether the destination has accepted or rejected any reading yet."""
        return bool(self._totals[Answer.ACCEPTED] + self._totals[Answer.REJECTED] + self._totals[Answer.PUT])

    def request(self, reply: Reply, seconds: float) -> None:
        """Record a request, and its latency if it needs no retry."""
        with self._lock:
            self._statuses[reply.status] += 1
            if not reply.again:
                self._latencies.append(seconds)

    def repeat(self) -> None:
        """Record a request whose response is treated as lost."""
        with self._lock:
            self._repeated += 1

    def wait(self) -> None:
        """Record that a request was throttled or failed, and is sent again."""
        with self._lock:
            self._waited += 1

    def settle(self, packet: Packet, reply: Reply) -> None:
        """Record the answers for a packet's readings."""
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
        """Record that a packet's readings got no answer."""
        with self._lock:
            for number in packet.numbers:
                self._note(number, Answer.UNANSWERED)

    def snapshot(self) -> Snapshot:
        """The progress so far."""
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
        """The complete record."""
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
