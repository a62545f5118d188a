"""One letter by its id, or by the beginning of it."""

from typing import Any

from iotgen.errors import IotgenError
from iotgen.operate.dlq.letter import DeadLetter
from iotgen.operate.dlq.queues import Opened, counts
from iotgen.operate.dlq.receiving import Receiver, receiving

_LENGTH = len("00000000-0000-0000-0000-000000000000")


def find_letter(sqs: Any, opened: Opened, id: str) -> DeadLetter:
    """The letter whose id begins with `id`; IotgenError if there is none, or there are several.

    It is visible to others again when this returns, so its receipt is of no use any more.
    """
    with receiving(sqs, opened.url, counts(sqs, opened.url).waiting) as receiver:
        return located(receiver, opened, id)


def located(receiver: Receiver, opened: Opened, id: str) -> DeadLetter:
    """The letter whose id begins with `id`, while `receiver` goes through its queue."""
    found: list[DeadLetter] = []
    for letter in receiver.letters():
        if letter.id.startswith(id):
            found.append(letter)
        if found and (len(id) >= _LENGTH or len(found) > 1):
            break
    if len(found) == 1:
        return found[0]
    if found:
        first, second = (letter.id for letter in found)
        raise IotgenError(f"`{id}` begins the ids of {first} and {second}", "Give more of the id.")
    looked = "" if receiver.complete else f" among the {receiver.received:,} that were looked at"
    raise IotgenError(
        f"`{opened.queue.key}` has no message `{id}`{looked}",
        f"`iotgen dlq show {opened.queue.key}` lists what is there.",
    )
