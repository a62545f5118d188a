"""FIFO topics: what is rendered of them, and what may publish to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.conftest import Compile

SPEC = """\
version: 1
pipeline: p
queues: {ordered: {fifo: true}, loose: {}}
topics: {t: {SETTINGS subscriptions: [{queue: ordered, filter: {kind: [alarm]}}, {queue: loose}]}}
functions: {f: {source: h, access: {topics: {t: publish}}}}
"""


def spec(settings: str = "fifo: true,") -> str:
    return SPEC.replace("SETTINGS", settings)


def test_its_name_ends_in_fifo(compile_spec: Compile) -> None:
    topic = compile_spec(spec()).resources("aws_sns_topic")["t"]
    assert topic == {"name": "t-dev.fifo", "fifo_topic": True, "fifo_throughput_scope": "Topic"}


def test_duplicates_and_throughput_by_the_group(compile_spec: Compile) -> None:
    text = spec("fifo: true, content_deduplication: true, high_throughput: true,")
    topic = compile_spec(text).resources("aws_sns_topic")["t"]
    assert (topic["content_based_deduplication"], topic["fifo_throughput_scope"]) == (True, "MessageGroup")


def test_both_are_for_fifo_topics_only(compile_spec: Compile) -> None:
    said = compile_spec(spec("high_throughput: true,")).said
    assert "`high_throughput` is for FIFO topics only: set `fifo: true`, too" in said


def test_queues_of_both_kinds_subscribe(compile_spec: Compile) -> None:
    compiled = compile_spec(spec())
    assert compiled.resources("aws_sns_topic_subscription").keys() == {"t__queue__ordered", "t__queue__loose"}
    assert "IOT465" not in compiled.said


def test_a_standard_topic_still_sends_to_no_fifo_queue(compile_spec: Compile) -> None:
    assert "IOT465" in compile_spec(spec("")).said


def test_alarms_may_not_publish_to_it(compile_spec: Compile) -> None:
    def sids(text: str) -> list[str]:
        policy = compile_spec(text).terraform["locals"]["t__topic"]
        return [one["Sid"] for one in policy["Statement"]]

    standard = spec("").replace("ordered: {fifo: true}", "ordered: {}")
    assert (sids(spec()), sids(standard)) == (["DenyWithoutTls"], ["PublishAlarms", "DenyWithoutTls"])
