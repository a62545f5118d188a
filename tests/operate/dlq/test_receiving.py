"""A way through a queue shows every message once, and leaves all of them visible."""

import pytest

from iotgen.errors import RemoteError
from iotgen.operate.dlq import receiving as module
from iotgen.operate.dlq.receiving import MOST_HIDDEN, glimpse, receiving
from tests.operate.dlq.memory_queue import URL, MemoryQueue, message, queue_of, refusal


def queue(count: int) -> MemoryQueue:
    return queue_of(*(message(number) for number in range(count)))


def test_each_message_comes_once_and_none_stays_hidden() -> None:
    sqs = queue(25)
    with receiving(sqs, URL, 25) as receiver:
        ids = [letter.id for letter in receiver.letters()]
        assert len(sqs.hidden) == 25
    assert sorted(ids) == sorted(sqs.messages)
    assert receiver.complete
    assert sqs.hidden == {}


def test_no_more_are_received_than_are_asked_for() -> None:
    sqs = queue(1_000)
    with receiving(sqs, URL, 1_000) as receiver:
        assert len(list(receiver.letters(25))) == 25
        assert len(sqs.hidden) == 25
    assert (sqs.count("receive"), sqs.count("show")) == (3, 3)
    assert not receiver.complete


def test_a_queue_of_a_million_hides_no_more_than_sqs_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_HIDDEN < 120_000
    monkeypatch.setattr(module, "MOST_HIDDEN", 50)
    sqs = queue(1_000)
    with receiving(sqs, URL, 1_000_000) as receiver:
        assert len(list(receiver.letters())) == 50
    assert not receiver.complete
    assert sqs.timeouts == {900}


def test_what_comes_again_is_not_shown_again_and_ends_it() -> None:
    sqs = queue(10)
    with receiving(sqs, URL, 10) as receiver:
        letters = receiver.letters()
        first = next(letters)
        sqs.repeats = [message(int(first.id[:8]))] * 20
        assert len([first, *letters]) == 10
    assert not receiver.complete
    assert sqs.count("receive") == 4


def test_what_was_deleted_and_comes_again_is_not_shown_again() -> None:
    sqs = queue(1)
    with receiving(sqs, URL, 1) as receiver:
        (letter,) = receiver.letters()
        assert receiver.delete([letter]) == {}
        sqs.messages[letter.id] = message(0)
        assert list(receiver.letters()) == []


def test_an_interruption_leaves_all_visible() -> None:
    sqs = queue(30)
    sqs.faults = {("receive", 2): KeyboardInterrupt()}
    with pytest.raises(KeyboardInterrupt), receiving(sqs, URL, 30) as receiver:
        list(receiver.batches())
    assert sqs.hidden == {}


def test_an_error_of_aws_is_the_one_that_is_reported() -> None:
    sqs = queue(30)
    sqs.faults = {("receive", 2): refusal("AccessDenied"), ("show", 1): refusal("Throttling")}
    with pytest.raises(RemoteError) as raised, receiving(sqs, URL, 30) as receiver:
        list(receiver.letters())
    assert raised.value.message == "cannot receive messages: AccessDenied: no"
    assert raised.value.hint == "The caller needs the permission sqs:ReceiveMessage."


def test_a_glimpse_hides_nothing() -> None:
    sqs = queue(25)
    assert len(list(glimpse(sqs, URL))) == 10
    assert sqs.hidden == {}
