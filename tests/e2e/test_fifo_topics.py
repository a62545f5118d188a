"""A FIFO topic on the local AWS, to a FIFO queue and to a standard one."""

from typing import Any

import pytest

SPEC = "specs/ordered.yaml"

pytestmark = pytest.mark.e2e

TEXT = """\
version: 1
pipeline: ordered
queues: {ordered: {fifo: true}, loose: {}}
topics:
  orders:
    fifo: true
    content_deduplication: true
    subscriptions: [{queue: ordered, raw: true}, {queue: loose, raw: true, filter: {kind: [alarm]}}]
"""


@pytest.fixture(scope="module")
def deployed(project: Any) -> dict[str, Any]:
    """The outputs of the spec above."""
    (project.folder / SPEC).write_text(TEXT, encoding="utf-8")
    outputs: dict[str, Any] = project.apply()
    return outputs


def test_a_second_plan_is_empty(project: Any, deployed: dict[str, Any]) -> None:
    assert deployed
    project.run("plan", SPEC, "--target", "local", "--detailed-exitcode")


def test_messages_arrive_once_and_in_order(project: Any, deployed: dict[str, Any], eventually: Any) -> None:
    sns, sqs = project.client("sns"), project.client("sqs")
    topic = deployed["topic_arns"]["orders"]
    assert topic.endswith(":orders-dev.fifo")
    kind = {"kind": {"DataType": "String", "StringValue": "alarm"}}
    for text, attributes in (("1", {}), ("2", kind), ("2", kind), ("3", {})):
        sns.publish(TopicArn=topic, Message=text, MessageGroupId="d1", MessageAttributes=attributes)

    got: dict[str, list[str]] = {"ordered": [], "loose": []}

    def arrived() -> bool:
        for queue, texts in got.items():
            url = deployed["queue_urls"][queue]
            found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            for message in found.get("Messages", ()):
                texts.append(message["Body"])
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return got == {"ordered": ["1", "2", "3"], "loose": ["2"]}

    assert eventually(arrived)
