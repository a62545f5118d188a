from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from iotgen.simulate.ledger import Answer, Ledger, Reply
from iotgen.simulate.packets import Packet


def test_notes_from_many_threads_add_up() -> None:
    ledger = Ledger(4000)

    def note(first: int) -> None:
        reply = Reply("200", rejected={0: "bad"})
        ledger.request(reply, 0.5)
        ledger.settle(Packet(first, first + 10, 0, repeated=False), reply)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(note, range(0, 4000, 10)))
    record = ledger.record()
    assert record.answers.count(Answer.ACCEPTED) == 3600
    assert record.reasons == {"bad": 400}
    assert sum(record.latencies) == 200
    snapshot = ledger.snapshot()
    assert (snapshot.sent, snapshot.rejected, snapshot.requests) == (4000, 400, 400)


def test_what_is_put_off_says_nothing_of_how_long_a_request_takes() -> None:
    ledger = Ledger(10)
    ledger.request(Reply("429", again=True), 0.001)
    ledger.request(Reply("200"), 0.5)
    record = ledger.record()
    assert list(record.latencies) == [0.5]
    assert record.statuses == {"429": 1, "200": 1}
    assert ledger.snapshot().requests == 2


def test_reasons_that_are_all_different_do_not_fill_the_memory() -> None:
    ledger = Ledger(5000)
    rejected = {place: f"{place} is " + "bad " * 100 for place in range(5000)}
    ledger.settle(Packet(0, 5000, 0, repeated=False), Reply("200", rejected=rejected))
    reasons = ledger.record().reasons
    assert len(reasons) == 1001
    assert reasons["(other reasons)"] == 4000
    assert max(map(len, reasons)) == 200


def test_a_ledger_without_an_answer_says_so() -> None:
    ledger = Ledger(10)
    packet = Packet(0, 5, 0, repeated=False)
    ledger.give_up(packet)
    assert not ledger.has_answers
    ledger.settle(packet, Reply("200", accepted=Answer.PUT))
    assert ledger.has_answers
