"""The bucket as a destination, with packets as objects under the trigger's prefix."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from iotgen.simulate.fleet import Fleet
from iotgen.simulate.ledger import Answer, Reply
from iotgen.simulate.packets import Packet

_KEY = re.compile(r"/(\d{8})-(\d{8})\.jsonl?$")


class Form(StrEnum):
    """The format of the readings in an object; MIXED alternates."""

    JSON = "json"
    JSONL = "jsonl"
    MIXED = "mixed"


@dataclass(frozen=True)
class Bucket:
    """The bucket; `put` writes an object, and returns the storage's reply."""

    prefix: str
    run: str
    form: Form
    put: Callable[[str, bytes], Reply]
    name: str = field(default="bucket", init=False)

    def body(self, fleet: Fleet, packet: Packet) -> bytes:
        """One reading by itself; several as a JSON array, or one per line."""
        texts = [fleet.text(number) for number in packet.numbers]
        if self._is_lines(packet):
            return b"".join(text + b"\n" for text in texts)
        return texts[0] if len(texts) == 1 else b"[" + b",".join(texts) + b"]"

    def deliver(self, packet: Packet, body: bytes) -> Reply:
        """Write the object."""
        return self.put(self.key(packet), body)

    def key(self, packet: Packet) -> str:
        """The object's key, with the numbers of its first and last reading."""
        ending = "jsonl" if self._is_lines(packet) else "json"
        return f"{self.prefix}{self.run}/{packet.first:08d}-{packet.stop - 1:08d}.{ending}"

    def _is_lines(self, packet: Packet) -> bool:
        return self.form is Form.JSONL or (self.form is Form.MIXED and packet.first % 2 == 1)


def stored(status: str) -> Reply:
    """The reply for a written object."""
    return Reply(status, accepted=Answer.PUT)


def numbers(key: str, run: str) -> range:
    """The readings of an object of a run, by its key; none if it belongs to another run."""
    match = _KEY.search(key)
    if not match or f"{run}/" not in key:
        return range(0)
    return range(int(match[1]), int(match[2]) + 1)
