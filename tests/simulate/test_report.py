from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from iotgen.simulate import report
from iotgen.simulate.account import Balance, Fault, Verdict
from iotgen.simulate.fleet import Fleet, Kind
from iotgen.simulate.ledger import Answer, Ledger, Reply
from iotgen.simulate.options import Shares
from iotgen.simulate.packets import Packet
from iotgen.simulate.send import Outcome

LOST = Fault(Verdict.LOST, 3, "normal", "sim-a-00003", "not in raw-sensor-data")


@pytest.fixture
def outcome(fleet_of: Callable[..., Fleet]) -> Outcome:
    fleet = fleet_of(30, Shares(malformed=0.1))
    ledger = Ledger(30)
    reply = Reply("200", rejected={4: "device_id must be string"})
    for seconds in (0.1, 0.2):
        ledger.request(reply, seconds)
    ledger.settle(Packet(0, 10, 0, repeated=False), reply)
    ledger.give_up(Packet(10, 20, 0, repeated=False))
    return Outcome(fleet, "api", ledger.record(), 2.0, interrupted=True)


def test_the_text_has_what_people_look_for(outcome: Outcome) -> None:
    told = report.text(outcome, None)
    assert f"run {outcome.fleet.run} (--seed 1 --start 1700000000000) to the api, interrupted" in told
    assert "20 readings of 10 devices in 2.0 s: 10 readings/s" in told
    assert "all                     20           9           1          10" in told
    assert "2 requests, 1/s: 2 x 200" in told
    assert "latency ms: p50 100, p95 200, p99 200, max 200" in told
    assert "rejected      1  device_id must be string" in told
    assert "verified" not in told


def test_json_has_the_same_and_all_faults(outcome: Outcome) -> None:
    balance = Balance({(Kind.NORMAL, Verdict.STORED): 9, (Kind.NORMAL, Verdict.LOST): 1}, (LOST,) * 60, 2)
    facts = json.loads(report.as_json(outcome, balance))
    assert facts["readings"] == sum(row["sent"] for row in facts["sent"].values()) == 20
    assert facts["options"]["shares"]["malformed"] == 0.1
    assert facts["latency_ms"] == {"p50": 100, "p95": 200, "p99": 200, "max": 200}
    assert facts["verified"]["verdicts"] == {"stored once": 9, "lost": 1}
    assert facts["verified"]["waiting"] == 2
    assert len(facts["verified"]["faults"]) == 60
    assert facts["verified"]["faults"][0] == {
        "verdict": "lost",
        "number": 3,
        "kind": "normal",
        "device": "sim-a-00003",
        "detail": "not in raw-sensor-data",
    }


def test_the_text_has_the_first_faults(outcome: Outcome) -> None:
    told = report.text(outcome, Balance({}, (LOST,) * 60, 2))
    assert told.count("fault: reading 3 (normal, sim-a-00003) lost: not in raw-sensor-data") == 50
    assert "fault: and 10 more" in told
    assert "the queue still held 2 messages" in told
    assert told.endswith("60 faults\n")


def test_a_sound_balance_says_so(outcome: Outcome) -> None:
    told = report.text(
        outcome, Balance({(Kind.NORMAL, Verdict.STORED): 19, (Kind.LATE, Verdict.DEAD): 1}, ())
    )
    assert "verified: 19 stored once, 1 in a dead-letter queue\n" in told
    assert told.endswith("every reading is accounted for\n")


def test_the_exit_code_tells_faults_from_silence(outcome: Outcome) -> None:
    done = replace(outcome, interrupted=False)
    answered = done.record.answers.replace(bytes([Answer.UNANSWERED]), bytes([Answer.ACCEPTED]))
    assert report.exit_code(done, Balance({}, (LOST,))) == 1
    assert report.exit_code(done, Balance({}, ())) == 0
    assert report.exit_code(done, None) == 3
    assert report.exit_code(replace(done, record=replace(done.record, answers=answered)), None) == 0
    assert report.exit_code(outcome, Balance({}, ())) == 1


@pytest.mark.parametrize(("share", "value"), [(0.5, 2), (0.95, 4), (0.25, 1), (1.0, 4), (0.0, 1)])
def test_a_percentile_is_one_of_the_values(share: float, value: float) -> None:
    assert report.percentile([1.0, 2.0, 3.0, 4.0], share) == value


def test_nothing_has_no_percentile() -> None:
    assert report.percentile([], 0.5) == 0
