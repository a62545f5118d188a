"""An edited letter is sent before the dead one goes, and never instead of another."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from iotgen.errors import IotgenError
from iotgen.operate.dlq.draft import discard, private, read
from iotgen.operate.dlq.edit import Draft, exchange
from iotgen.operate.dlq.kept import Kept
from iotgen.operate.dlq.letter import DeadLetter, letter_of
from tests.operate.dlq.memory_queue import message, opened, queue_of

PATH = Path("out/.kept/dev/edit-1.json")


def letter(body: str) -> DeadLetter:
    return letter_of({**message(1, body), "ReceiptHandle": "r"})


@pytest.mark.parametrize(
    ("body", "edited", "sent"),
    [
        ('{"a":1.0}', '{\n  "a": 1.0\n}\n', None),
        ('{"a":1.0}', '{"a": 1.0}', None),
        ('{"a":1.0}', '{\n  "a": 2.50\n}\n', '{"a":2.50}'),
        ("not json", "not json", None),
        ("not json", "better", "better"),
    ],
)
def test_only_a_change_is_sent(body: str, edited: str, sent: str | None) -> None:
    assert Draft(letter(body)).body(edited, PATH) == sent


@pytest.mark.parametrize(
    ("edited", "message"),
    [
        ("", "the edited message is empty, and nothing was sent"),
        (
            "{",
            "the edited message is not JSON, and nothing was sent: "
            "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
    ],
)
def test_what_cannot_be_a_message_is_refused_and_kept(edited: str, message: str) -> None:
    with pytest.raises(IotgenError) as raised:
        Draft(letter("{}")).body(edited, PATH)
    assert raised.value.message == message
    assert raised.value.hint == f"Your text is in {PATH}: run this again to go on with it."


def test_it_is_kept_then_sent_then_deleted(tmp_path: Path) -> None:
    sqs, order = queue_of(message(1, '{"a": 1}'), message(2)), list[str]()
    sqs.before = order.append

    def send(letters: object) -> dict[str, str]:
        order.append("sent" if list(tmp_path.glob("*.jsonl")) else "sent before it was kept")
        assert isinstance(letters, list)
        assert [one.body for one in letters] == ["new"]
        return {}

    exchange(sqs, opened(), letter("{}"), "new", send, Kept(tmp_path, "q", lambda: datetime.now(UTC)))
    assert [step for step in order if step in ("sent", "delete")] == ["sent", "delete"]
    assert [one["Body"] for one in sqs.messages.values()] == ["{}"]
    assert sqs.hidden == {}


def test_what_is_gone_meanwhile_is_not_sent(tmp_path: Path) -> None:
    kept = Kept(tmp_path, "q", lambda: datetime.now(UTC))
    with pytest.raises(IotgenError) as raised:
        exchange(queue_of(message(2)), opened(), letter("{}"), "new", lambda _letters: {}, kept)
    assert raised.value.message == f"`q` has no message `{letter('').id}`"
    assert kept.path is None


def test_what_is_refused_leaves_the_dead_one(tmp_path: Path) -> None:
    sqs = queue_of(message(1))
    kept = Kept(tmp_path, "q", lambda: datetime.now(UTC))
    with pytest.raises(IotgenError) as raised:
        exchange(sqs, opened(), letter("{}"), "new", lambda letters: {letters[0].id: "too long"}, kept)
    assert raised.value.message == "the edited message was refused: too long"
    assert len(sqs.messages) == 1
    assert sqs.hidden == {}


def test_a_draft_is_its_owners_and_stays_as_it_was_left(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    path, begun = private(folder, "1", "text")
    assert (begun, read(path)) == (False, "text")
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    path.write_text("half done")
    assert private(folder, "1", "text") == (path, True)
    assert read(path) == "half done"
    path.write_bytes(b"\xff")
    with pytest.raises(IotgenError) as raised:
        read(path)
    assert raised.value.message == f"{path} is not UTF-8, and nothing was sent"
    discard(path)
    assert not path.exists()
