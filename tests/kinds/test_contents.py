"""What deployed resources hold, in few calls however much that is."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from iotgen.kinds.buckets.contents import bucket_contents
from iotgen.kinds.keys import KEYS
from iotgen.kinds.log_groups import LOG_GROUPS
from iotgen.kinds.parameters.contents import parameter_contents
from iotgen.kinds.queues.contents import queue_contents
from iotgen.kinds.tables.contents import table_contents
from iotgen.model.contents import Amount, Clients
from tests.emptied import empty_aws

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clients]:
    """The clients of an account of moto's."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with empty_aws():
        client: Any = boto3.Session(region_name="us-east-1").client
        yield partial(client)


class Table:
    """A DynamoDB that has pages of items, and counts how often it is asked."""

    exceptions = type("exceptions", (), {"ClientError": ClientError})

    def __init__(self, pages: int, on_page: int, recorded: int | None = None) -> None:
        self.pages, self.on_page, self.recorded = pages, on_page, recorded
        self.asked = 0

    def scan(self, **request: Any) -> dict[str, Any]:
        assert request["Select"] == "COUNT"
        assert request.get("ExclusiveStartKey", self.asked) == self.asked
        self.asked += 1
        more = {"LastEvaluatedKey": self.asked} if self.asked < self.pages else {}
        return {"Count": self.on_page, **more}

    def describe_table(self, **_: Any) -> dict[str, Any]:
        if self.recorded is None:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "DescribeTable")
        return {"Table": {"ItemCount": self.recorded}}


@pytest.mark.parametrize(
    ("table", "amount", "asked"),
    [
        (Table(1, 0), Amount("0 items", empty=True), 1),
        (Table(1, 1), Amount("1 item", empty=False), 1),
        (Table(3, 400), Amount("1,200 items", empty=False), 3),
        (Table(9, 1000, 1_204_331), Amount(
            "more than 1,000 items (about 1,204,331 at DynamoDB's last count)", empty=False), 1),
        (Table(9, 1000, 0), Amount("more than 1,000 items", empty=False), 1),
        (Table(9, 1000), Amount("more than 1,000 items", empty=False), 1),
        (Table(99, 2), Amount("more than 20 items", empty=False), 10),
        (Table(99, 0), Amount("more than 0 items", empty=False), 10),
    ],
)  # fmt: skip
def test_a_table_is_counted_up_to_a_thousand_items_and_ten_pages(
    table: Table, amount: Amount, asked: int
) -> None:
    assert table_contents(lambda _: table, {"name": "t"}, NOW) == amount
    assert table.asked == asked


class Queue:
    """SQS and CloudWatch, with answers one after the other."""

    exceptions = type("exceptions", (), {"ClientError": ClientError})

    def __init__(self, *answers: dict[str, str], age: float | None = None, denied: bool = False) -> None:
        self.answers, self.age, self.denied = list(answers), age, denied

    def get_queue_attributes(self, **_: Any) -> dict[str, Any]:
        return {"Attributes": self.answers.pop(0)}

    def get_metric_statistics(self, **request: Any) -> dict[str, Any]:
        assert request["Dimensions"] == [{"Name": "QueueName", "Value": "q-dev"}]
        assert request["EndTime"] == NOW
        if self.denied:
            raise ClientError({"Error": {"Code": "AccessDenied"}}, "GetMetricStatistics")
        points = [] if self.age is None else [{"Timestamp": 1, "Maximum": self.age}]
        return {"Datapoints": [*points, *({**point, "Timestamp": 0, "Maximum": 5.0} for point in points)]}


WAITING, FLYING = "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"
QUEUE = {"url": "https://sqs/q-dev", "name": "q-dev"}


@pytest.mark.parametrize(
    ("queue", "amount"),
    [
        (Queue({WAITING: "0"}, {WAITING: "0"}, {WAITING: "0"}), Amount("0 messages", empty=True)),
        (Queue({WAITING: "0"}, {}, {WAITING: "1"}), Amount("1 message", empty=False)),
        (Queue({WAITING: "0", FLYING: "3"}), Amount("3 messages", empty=False)),
        (Queue({WAITING: "1000000", FLYING: "1"}, age=90_000),
         Amount("1,000,001 messages, the oldest 1 day old", empty=False)),
        (Queue({WAITING: "2"}, age=7200), Amount("2 messages, the oldest 2 hours old", empty=False)),
        (Queue({WAITING: "2"}, age=59.0), Amount("2 messages, the oldest 59 seconds old", empty=False)),
        (Queue({WAITING: "2"}, denied=True), Amount("2 messages", empty=False)),
    ],
)  # fmt: skip
def test_a_queues_messages_count_wherever_they_are(queue: Queue, amount: Amount) -> None:
    assert queue_contents(lambda _: queue, QUEUE, NOW) == amount


def test_a_key_is_never_empty() -> None:
    assert KEYS.contents
    assert not KEYS.contents(lambda _: None, {}, NOW).empty


def test_the_value_of_a_plain_parameter_is_in_the_spec() -> None:
    assert parameter_contents(lambda _: None, {"name": "p", "type": "String"}, NOW).empty


@pytest.mark.system
def test_a_tables_items(aws: Clients) -> None:
    aws("dynamodb").create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    assert table_contents(aws, {"name": "t"}, NOW).empty
    aws("dynamodb").put_item(TableName="t", Item={"id": {"S": "1"}})
    assert table_contents(aws, {"name": "t"}, NOW) == Amount("1 item", empty=False)


@pytest.mark.system
def test_a_queues_messages(aws: Clients) -> None:
    url = aws("sqs").create_queue(QueueName="q")["QueueUrl"]
    assert queue_contents(aws, {"url": url, "name": "q"}, NOW).empty
    aws("sqs").send_message(QueueUrl=url, MessageBody="x")
    aws("sqs").send_message(QueueUrl=url, MessageBody="y", DelaySeconds=60)
    assert queue_contents(aws, {"url": url, "name": "q"}, NOW) == Amount("2 messages", empty=False)


@pytest.mark.system
def test_a_buckets_objects_and_their_earlier_versions(aws: Clients) -> None:
    s3 = aws("s3")
    s3.create_bucket(Bucket="bucket")
    assert bucket_contents(aws, {"bucket": "bucket"}, NOW) == Amount("0 objects", empty=True)
    s3.put_object(Bucket="bucket", Key="a", Body=b"x" * 1500)
    assert bucket_contents(aws, {"bucket": "bucket"}, NOW) == Amount("1 object, 1.5 kB", empty=False)
    s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="bucket", Key="a", Body=b"x")
    assert bucket_contents(aws, {"bucket": "bucket"}, NOW) == Amount(
        "1 object and 1 earlier version, 1.5 kB", empty=False
    )
    s3.delete_object(Bucket="bucket", Key="a")
    assert bucket_contents(aws, {"bucket": "bucket"}, NOW) == Amount(
        "2 earlier versions, 1.5 kB", empty=False
    )


@pytest.mark.system
def test_a_bucket_is_listed_once_however_full_it_is(aws: Clients) -> None:
    s3 = aws("s3")
    s3.create_bucket(Bucket="bucket")
    for number in range(1001):
        s3.put_object(Bucket="bucket", Key=str(number), Body=b"")
    assert bucket_contents(aws, {"bucket": "bucket"}, NOW).words == "more than 1,000 objects, 0 bytes"


@pytest.mark.system
def test_a_secure_parameter_is_empty_until_its_value_is_set(aws: Clients) -> None:
    ssm, attributes = aws("ssm"), {"name": "key", "type": "SecureString"}
    secret: dict[str, Any] = {"Name": "key", "Type": "SecureString", "Overwrite": True}
    ssm.put_parameter(**secret, Value="unset")
    assert parameter_contents(aws, attributes, NOW) == Amount("no value yet", empty=True)
    ssm.put_parameter(**secret, Value="real")
    answer = parameter_contents(aws, attributes, NOW)
    assert not answer.empty
    assert answer.words.startswith("a secret, version 2, set on 20")


@pytest.mark.system
def test_a_first_value_that_was_given_at_the_first_apply_counts(aws: Clients) -> None:
    aws("ssm").put_parameter(Name="key", Type="SecureString", Value="real")
    assert not parameter_contents(aws, {"name": "key", "type": "SecureString"}, NOW).empty


@pytest.mark.system
def test_a_log_group_is_empty_until_something_is_written(aws: Clients) -> None:
    logs, group = aws("logs"), {"name": "events-dev"}
    logs.create_log_group(logGroupName="events-dev-too")
    logs.create_log_group(logGroupName="events-dev")
    assert LOG_GROUPS.contents
    assert LOG_GROUPS.contents(aws, group, NOW) == Amount("no log lines", empty=True)
    logs.create_log_stream(logGroupName="events-dev", logStreamName="s")
    assert LOG_GROUPS.contents(aws, group, NOW) == Amount("no log lines", empty=True)
    line = {"timestamp": int(datetime.now(UTC).timestamp() * 1000), "message": "line"}
    logs.put_log_events(logGroupName="events-dev", logStreamName="s", logEvents=[line])
    answer = LOG_GROUPS.contents(aws, group, NOW)
    assert not answer.empty
    assert answer.words.startswith("log lines")
