"""The dead letters that carry readings, looked at and left where they are."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from iotgen.operate.dlq.letter import DeadLetter
from iotgen.operate.dlq.queues import DeadLetterQueue, counts, opened, url_of
from iotgen.operate.dlq.receiving import receiving
from iotgen.operate.logs.line import mentioned
from iotgen.operate.trace.mentions import Ids

# What is looked at of each queue: up to 100 calls.
MOST_LETTERS = 1_000


@dataclass(frozen=True)
class FoundLetter:
    """A dead letter that carries the reading with an id."""

    id: str
    queue: DeadLetterQueue
    letter: DeadLetter


@dataclass(frozen=True)
class Letters:
    """The dead letters that were found, and what could not be looked at, in words."""

    found: tuple[FoundLetter, ...]
    unseen: tuple[str, ...]


def find_letters(sqs: Any, queues: Iterable[DeadLetterQueue], ids: Iterable[str]) -> Letters:
    """The dead letters that carry one of the ids."""
    wanted = Ids(frozenset(ids))
    found: list[FoundLetter] = []
    unseen: list[str] = []
    for queue in queues:
        url = url_of(sqs, queue.name)
        number = counts(sqs, url) if url else None
        if number is None or not (number.waiting or number.in_flight):
            continue
        at = opened(sqs, queue)
        with receiving(sqs, at.url, min(number.waiting, MOST_LETTERS)) as receiver:
            for letter in receiver.letters(MOST_LETTERS):
                found += [FoundLetter(id, queue, letter) for id in carried(letter, wanted)]
        if not receiver.complete and receiver.received < number.waiting:
            unseen.append(
                f"{queue.key}: only {receiver.received:,} of {number.waiting:,} dead letters were looked at"
            )
        if number.in_flight:
            unseen.append(
                f"{queue.key}: {number.in_flight:,} dead letters are in flight, and hidden for a while"
            )
    return Letters(tuple(found), tuple(unseen))


def carried(letter: DeadLetter, ids: Ids) -> frozenset[str]:
    """The ids that a letter carries: in its JSON, or as words of its text."""
    try:
        texts = set(mentioned(json.loads(letter.content)))
    except (ValueError, RecursionError):
        return ids.words([letter.content])
    return frozenset(ids.texts & texts) | ids.words(texts)
