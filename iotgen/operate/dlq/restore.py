"""Letters sent again from the file that kept them, as after a drop that was a mistake."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from iotgen.errors import IotgenError
from iotgen.operate.dlq.letter import DeadLetter
from iotgen.operate.dlq.removal import Removed, Wanted
from iotgen.operate.dlq.retry import Send
from iotgen.system import explained

# A message has 1 MiB, and each of its characters up to six as JSON writes it.
_LONGEST_LINE = 8 * 1024 * 1024


def restore(path: Path, wanted: Wanted, send: Send) -> Removed:
    """Send the letters of a file that are wanted; the file stays, and what was sent before is sent again."""
    done, began = Removed(), wanted.pace.clock()
    try:
        for letters in _slices(path, wanted, done):
            wanted.pace.wait(began, done.removed, wanted.stopped)
            if wanted.stopped():
                break
            chosen = letters if wanted.most is None else letters[: wanted.most - done.removed]
            refused = send(chosen)
            done.failed |= dict(refused)
            done.removed += len(chosen) - len(refused)
            wanted.progress(done.removed)
            if done.removed == wanted.most:
                break
        else:
            done.complete = True
    except IotgenError as error:
        done.error = error
    done.stopped = wanted.stopped()
    return done


def _slices(path: Path, wanted: Wanted, done: Removed) -> Iterator[Sequence[DeadLetter]]:
    letters = (letter for letter in _counted(path, done) if wanted.filter.takes(letter))
    while some := tuple(islice(letters, wanted.pace.at_once)):
        yield some


def _counted(path: Path, done: Removed) -> Iterator[DeadLetter]:
    for letter in kept_letters(path):
        done.looked_at += 1
        yield letter


def kept_letters(path: Path) -> Iterator[DeadLetter]:
    """The letters of a file, one line after the other; IotgenError at a line that is none."""
    with explained("read", path), path.open(encoding="utf-8", errors="replace") as file:
        number = 0
        while line := file.readline(_LONGEST_LINE):
            number += 1
            try:
                yield _letter(json.loads(line))
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
                raise IotgenError(
                    f"{path}:{number}: this is not a message that was kept",
                    "Give a file of `out/.kept`; a last line that was cut off can be removed.",
                ) from error


def _letter(entry: Mapping[str, Any]) -> DeadLetter:
    sent = datetime.fromisoformat(entry["sent"])
    return DeadLetter(
        id=str(entry["id"]),
        receipt="",
        body=str(entry["body"]),
        md5="",
        attributes={name: _attribute(value) for name, value in entry["attributes"].items()},
        system={
            "SentTimestamp": str(int(sent.timestamp() * 1000)),
            **({"MessageGroupId": str(entry["group"])} if "group" in entry else {}),
        },
    )


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    binary = {"BinaryValue": base64.b64decode(value["BinaryValue"])} if "BinaryValue" in value else {}
    return {**value, **binary}
