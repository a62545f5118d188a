"""The protocol by which the processor stores readings and tells people, small enough to try all orders.

Three readings, each in a message of its own, two of one device; two workers; some faults of different kinds,
each at any moment. It stands beside the simulator, which runs the handlers themselves on longer histories by
chance: here nothing is left to chance, but the steps are a model, of handlers/readings/claims.py and others.

An invocation ends, and with it the lease of its claims, before its messages are visible again.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import combinations

DEVICES = ("a", "a", "b")
WORKERS = 2


class Fault(Enum):
    """What may happen once."""

    ROW_FAILS = auto()
    ROW_ANSWER_LOST = auto()
    CLAIM_FAILS = auto()
    CLAIM_ANSWER_LOST = auto()
    PUBLISH_FAILS = auto()
    PUBLISH_ANSWER_LOST = auto()
    MARK_FAILS = auto()
    KILLED = auto()
    DELIVERED_TWICE = auto()


class Step(Enum):
    """What a worker does next."""

    STORE = auto()
    CLAIM = auto()
    PUBLISH = auto()
    MARK = auto()
    ACKNOWLEDGE = auto()


class Place(Enum):
    """Where a message is."""

    WAITING = auto()
    IN_FLIGHT = auto()
    HIDDEN = auto()  # its invocation is over, and SQS does not show it yet
    DELETED = auto()


@dataclass(frozen=True, slots=True)
class Work:
    """A worker's message and step; `lease` is an invocation's own number, which its claims have."""

    message: int
    step: Step
    lease: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A device's claim: of which reading, by whom, and whether a notification is known to have gone out.

    `lease` is None once it was given back, or its invocation has ended.
    """

    reading: int
    lease: int | None
    sent: bool


@dataclass(frozen=True, slots=True)
class State:
    """All there is at one moment; `left` are the kinds of faults that may still happen."""

    messages: tuple[Place, ...] = (Place.WAITING,) * len(DEVICES)
    workers: tuple[Work | None, ...] = (None,) * WORKERS
    rows: frozenset[int] = frozenset()
    claims: tuple[Claim | None, ...] = (None, None)
    told: frozenset[str] = frozenset()
    left: frozenset[Fault] = frozenset(Fault)
    invocations: int = 0

    @property
    def over(self) -> bool:
        """Whether every message is done with."""
        return all(place is Place.DELETED for place in self.messages) and not any(self.workers)


@dataclass(frozen=True)
class Protocol:
    """The steps of a worker; each setting is a mistake that one could make."""

    marks_before_telling: bool = False
    trusts_ended_leases: bool = False
    acknowledges_what_is_held: bool = False
    acknowledges_failed_rows: bool = False

    def after(self, state: State) -> Iterator[State]:
        """Every state that may come next."""
        for message, place in enumerate(state.messages):
            if place is Place.WAITING:
                yield from self._received(state, message)
            elif place is Place.HIDDEN:
                yield _placed(state, message, Place.WAITING)
            elif place is Place.IN_FLIGHT and Fault.DELIVERED_TWICE in state.left:
                yield from self._received(_without(state, Fault.DELIVERED_TWICE), message)
        for worker, work in enumerate(state.workers):
            if work:
                yield from self._stepped(state, worker, work)
                if Fault.KILLED in state.left:
                    yield _ended(_without(state, Fault.KILLED), worker, work)

    def _received(self, state: State, message: int) -> Iterator[State]:
        for worker, work in enumerate(state.workers):
            if work is None:
                begun = Work(message, Step.STORE, state.invocations)
                received = _placed(state, message, Place.IN_FLIGHT)
                yield _working(replace(received, invocations=state.invocations + 1), worker, begun)
                return  # the workers are alike

    def _stepped(self, state: State, worker: int, work: Work) -> Iterator[State]:
        if work.step is Step.STORE:
            yield from self._store(state, worker, work)
        elif work.step is Step.CLAIM:
            yield from self._claim(state, worker, work)
        elif work.step is Step.PUBLISH:
            yield from self._publish(state, worker, work)
        elif work.step is Step.MARK:
            yield from self._mark(state, worker, work)
        else:
            yield _placed(_working(state, worker, None), work.message, Place.DELETED)

    def _store(self, state: State, worker: int, work: Work) -> Iterator[State]:
        stored = replace(state, rows=state.rows | {work.message})
        yield _working(stored, worker, replace(work, step=Step.CLAIM))
        if Fault.ROW_FAILS in state.left:
            failed = _without(state, Fault.ROW_FAILS)
            if self.acknowledges_failed_rows:
                yield _working(failed, worker, replace(work, step=Step.CLAIM))
            else:
                yield _ended(failed, worker, work)
        if Fault.ROW_ANSWER_LOST in state.left:
            yield _ended(_without(stored, Fault.ROW_ANSWER_LOST), worker, work)

    def _claim(self, state: State, worker: int, work: Work) -> Iterator[State]:
        device = _device(work.message)
        there = state.claims[device]
        if Fault.CLAIM_FAILS in state.left:
            yield _ended(_without(state, Fault.CLAIM_FAILS), worker, work)
        if self._is_free(state, there):
            ours = Claim(work.message, work.lease, sent=self.marks_before_telling)
            claimed = _claimed(state, device, ours)
            yield _working(claimed, worker, replace(work, step=Step.PUBLISH))
            if Fault.CLAIM_ANSWER_LOST in state.left:
                # botocore asks again, and finds its own claim; or the time is up.
                yield _ended(_without(claimed, Fault.CLAIM_ANSWER_LOST), worker, work)
        elif there and (there.sent or there.reading != work.message or self.acknowledges_what_is_held):
            yield _working(state, worker, replace(work, step=Step.ACKNOWLEDGE))
        else:
            yield _ended(state, worker, work)

    def _is_free(self, state: State, there: Claim | None) -> bool:
        if there is None:
            return True
        running = {work.lease for work in state.workers if work}
        held = there.lease is not None and (self.trusts_ended_leases or there.lease in running)
        return not there.sent and not held

    def _publish(self, state: State, worker: int, work: Work) -> Iterator[State]:
        told = replace(state, told=state.told | {DEVICES[work.message]})
        yield _working(told, worker, replace(work, step=Step.MARK))
        for fault, after in ((Fault.PUBLISH_FAILS, state), (Fault.PUBLISH_ANSWER_LOST, told)):
            if fault in state.left:
                yield _ended(self._given_back(_without(after, fault), work), worker, work)

    def _given_back(self, state: State, work: Work) -> State:
        device = _device(work.message)
        there = state.claims[device]
        if not there or there.lease != work.lease:
            return state
        return _claimed(state, device, replace(there, lease=None))

    def _mark(self, state: State, worker: int, work: Work) -> Iterator[State]:
        acknowledging = replace(work, step=Step.ACKNOWLEDGE)
        marked = _claimed(state, _device(work.message), Claim(work.message, None, sent=True))
        yield _working(marked, worker, acknowledging)
        if Fault.MARK_FAILS in state.left:
            yield _working(_without(state, Fault.MARK_FAILS), worker, acknowledging)


def explore(protocol: Protocol, faults: int) -> tuple[int, list[str]]:
    """How many states there are in all orders, and what is wrong with those in which all is over.

    Each combination of so many kinds of faults is tried.
    """
    count, wrong = 0, set[str]()
    for kinds in combinations(Fault, faults):
        states, found = _explore(protocol, State(left=frozenset(kinds)))
        count += states
        wrong |= found
    return count, sorted(wrong)


def _explore(protocol: Protocol, first: State) -> tuple[int, set[str]]:
    numbers, waiting = {_form(first): 0}, deque([first])
    before: list[list[int]] = [[]]
    ends: list[int] = []
    wrong: set[str] = set()
    while waiting:
        state = waiting.popleft()
        number = numbers[_form(state)]
        if state.over:
            ends.append(number)
            wrong.update(_wrong(state))
        for one in protocol.after(state):
            form = _form(one)
            if form not in numbers:
                numbers[form] = len(numbers)
                before.append([])
                waiting.append(one)
            before[numbers[form]].append(number)
    if len(_leading(ends, before)) < len(numbers):
        wrong.add("a message can never be done with")
    return len(numbers), wrong


def _leading(ends: list[int], before: list[list[int]]) -> set[int]:
    """The states from which an end can be reached."""
    leading, waiting = set(ends), list(ends)
    while waiting:
        for one in before[waiting.pop()]:
            if one not in leading:
                leading.add(one)
                waiting.append(one)
    return leading


def _wrong(state: State) -> Iterator[str]:
    for reading, device in enumerate(DEVICES):
        if reading not in state.rows:
            yield f"reading {reading} has no row"
        if device not in state.told:
            yield f"nobody is told of {device}"


def _form(state: State) -> State:
    """A state with its invocations numbered anew, and its workers in order: so alike states are one."""
    running = sorted((work for work in state.workers if work), key=lambda work: work.lease)
    names = {work.lease: number for number, work in enumerate(running)}
    claims = tuple(
        claim and replace(claim, lease=None if claim.lease is None else names.get(claim.lease, -1))
        for claim in state.claims
    )
    named = [replace(work, lease=names[work.lease]) for work in running]
    workers = (*named, *[None] * (WORKERS - len(named)))
    return replace(state, workers=workers, claims=claims, invocations=0)


def _device(message: int) -> int:
    return sorted(set(DEVICES)).index(DEVICES[message])


def _without(state: State, fault: Fault) -> State:
    return replace(state, left=state.left - {fault})


def _placed(state: State, message: int, place: Place) -> State:
    messages = tuple(place if number == message else there for number, there in enumerate(state.messages))
    return replace(state, messages=messages)


def _working(state: State, worker: int, work: Work | None) -> State:
    workers = tuple(work if number == worker else there for number, there in enumerate(state.workers))
    return replace(state, workers=workers)


def _claimed(state: State, device: int, claim: Claim) -> State:
    claims = tuple(claim if number == device else there for number, there in enumerate(state.claims))
    return replace(state, claims=claims)


def _ended(state: State, worker: int, work: Work) -> State:
    """An invocation is over without having acknowledged; its message comes back, unless it is gone."""
    over = _working(state, worker, None)
    others = any(other and other.message == work.message for other in over.workers)
    if state.messages[work.message] is Place.DELETED or others:
        return over
    return _placed(over, work.message, Place.HIDDEN)
