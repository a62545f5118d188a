import json
from typing import Any

import pytest
from readings import trace

TRACED = {
    "_X_AMZN_TRACE_ID": "Root=1-6553f1a0-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=1;Self=2",
    "AWS_XRAY_DAEMON_ADDRESS": "169.254.79.129:2000",
}


def sent(environment: dict[str, str]) -> list[Any]:
    datagrams: list[Any] = []
    trace.annotate(environment, {"device": "d", "batch": 3}, 1000, 2500, lambda *sent: datagrams.append(sent))
    return datagrams


def test_sends_a_subsegment_to_the_daemon() -> None:
    [(address, datagram)] = sent(TRACED)
    assert address == ("169.254.79.129", 2000)
    header, _, body = datagram.partition(b"\n")
    assert json.loads(header) == {"format": "json", "version": 1}
    subsegment = json.loads(body)
    assert len(subsegment.pop("id")) == 16
    assert subsegment == {
        "type": "subsegment",
        "name": "readings",
        "trace_id": "1-6553f1a0-0123456789abcdef01234567",
        "parent_id": "0123456789abcdef",
        "start_time": 1.0,
        "end_time": 2.5,
        "annotations": {"device": "d", "batch": 3},
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"_X_AMZN_TRACE_ID": "Root=1-a-b;Parent=c;Sampled=0"},
        {"_X_AMZN_TRACE_ID": "Root=1-a-b;Sampled=1"},
        {"_X_AMZN_TRACE_ID": "nonsense"},
        {"_X_AMZN_TRACE_ID": ""},
        {"AWS_XRAY_DAEMON_ADDRESS": ""},
        {"AWS_XRAY_DAEMON_ADDRESS": "nowhere"},
    ],
)
def test_sends_nothing_for_what_is_not_sampled(changes: dict[str, str]) -> None:
    assert sent({**TRACED, **changes}) == []


def test_a_daemon_that_is_not_there_is_no_error() -> None:
    trace.send_datagram(("host.invalid", 2000), b"")
    trace.send_datagram(("127.0.0.1", 9), b"x")
