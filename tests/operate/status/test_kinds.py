"""What each kind says of its deployed resources, by boto3's own clients."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from iotgen.errors import RemoteError
from iotgen.kinds import KINDS
from iotgen.kinds.endpoints import Api, api_addresses
from iotgen.local import server
from iotgen.model.contents import Clients
from iotgen.operate.status.collect import snapshot
from iotgen.operate.status.watched import watched
from tests.local.calls import client

if TYPE_CHECKING:
    from iotgen.model.pipeline import Pipeline
    from tests.conftest import Compile

pytestmark = pytest.mark.system

SPEC = """
version: 1
pipeline: p
tables: {readings: {partition_key: {id: string}}}
queues: {jobs: {}}
topics: {alerts: {}}
buses: {orders: {}}
functions:
  worker: {source: handlers/worker, triggers: [{queue: jobs}]}
endpoints:
  /a: {method: GET, function: worker}
"""


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clients]:
    folder = tmp_path_factory.mktemp("project") / ".local"
    yield partial(client, server.up(folder))
    server.down(folder, patience=2)


@pytest.fixture
def pipeline(compile_spec: Compile) -> Pipeline:
    pipeline = compile_spec(SPEC, rules=()).pipeline
    assert pipeline
    return pipeline


def test_columns_are_those_of_the_metrics_and_facts(pipeline: Pipeline) -> None:
    for one in watched(pipeline):
        assert len(set(one.status.columns)) == len(one.status.columns)
        assert {metric.column for metric in one.metrics} <= set(one.status.columns)
        assert all(metric.of.count(":") == 1 for metric in one.metrics)


def test_metrics_name_the_resources_as_they_are_on_aws(pipeline: Pipeline) -> None:
    dimensions = {one.section: one.metrics[0].dimensions for one in watched(pipeline)}
    assert dimensions == {
        "tables": {"TableName": "readings-dev"},
        "queues": {"QueueName": "jobs-dev"},
        "topics": {"TopicName": "alerts-dev"},
        "buses": {"EventBusName": "orders-dev"},
        "functions": {"FunctionName": "worker-dev"},
        "endpoints": {"ApiName": "p-api-dev", "Stage": "v1"},
    }
    assert list(dimensions) == [kind.section for kind in reversed(KINDS) if kind.section in dimensions]


def test_where_nothing_is_deployed_nothing_is(pipeline: Pipeline, clients: Clients) -> None:
    taken = snapshot(pipeline, clients, lambda *_: {}, 0)
    assert not taken.deployed
    assert len(taken.sections) == 6
    assert {cell.value for section in taken.sections for cell in section.rows[0].cells} == {None}


def test_what_is_deployed_is_counted_and_what_is_not_is_told(pipeline: Pipeline, clients: Clients) -> None:
    clients("dynamodb").create_table(
        TableName="readings-dev",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    clients("dynamodb").put_item(TableName="readings-dev", Item={"id": {"S": "1"}})
    for name in ("jobs-dev", "jobs-dlq-dev"):
        url = clients("sqs").create_queue(QueueName=name)["QueueUrl"]
        clients("sqs").send_message(QueueUrl=url, MessageBody="m")
    api = clients("apigateway").create_rest_api(name="p-api-dev")["id"]
    topic = clients("sns").create_topic(Name="alerts-dev")["TopicArn"]
    clients("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="ops@example.com")
    clients("events").create_event_bus(Name="orders-dev")
    clients("events").put_rule(Name="r", EventBusName="orders-dev", EventPattern='{"source": ["shop"]}')
    taken = snapshot(pipeline, clients, lambda *_: {(("queues", "jobs"), "oldest s"): 12}, 0)
    rows = {
        section.title: dict(zip(section.columns, section.rows[0].cells, strict=True))
        for section in taken.sections
    }
    values = {title: {column: cell.value for column, cell in cells.items()} for title, cells in rows.items()}
    assert values["tables"] == {"items": 1, "read throttles": None, "write throttles": None}
    assert values["queues"] == {"waiting": 1, "in flight": 0, "oldest s": 12, "dead": 1}
    subscriptions = {"subscribed": 1, "pending": 0}  # the local AWS confirms by itself
    assert values["topics"] == {"published": None, "failed": None, **subscriptions}
    assert values["buses"] == {"rules": 1, "calls": None}
    assert rows["queues"]["dead"].alarming
    assert not rows["queues"]["waiting"].alarming
    deployed = {section.title: section.rows[0].deployed for section in taken.sections}
    there = dict.fromkeys(("endpoints", "topics", "buses", "queues", "tables"), True)
    assert deployed == {**there, "functions": False}
    endpoint = clients("sqs").meta.endpoint_url
    (endpoints,) = [section for section in taken.sections if section.title == "endpoints"]
    assert endpoints.rows[0].more == {"address": f"{endpoint}/restapis/{api}/v1/_user_request_"}
    assert {one.state for one in taken.alarms} == {"not deployed"}


def test_what_aws_refuses_is_an_error_that_names_the_resource(pipeline: Pipeline, clients: Clients) -> None:
    class Refusing:
        def describe_table(self, **_: str) -> Any:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "DescribeTable")

    def refusing(service: str) -> Any:
        return Refusing() if service == "dynamodb" else clients(service)

    with pytest.raises(RemoteError, match="cannot read the state of readings-dev: AccessDeniedException"):
        snapshot(pipeline, refusing, lambda *_: {}, 0)


def test_the_address_on_aws_is_beside_api_gateway(pipeline: Pipeline) -> None:
    """Whatever the domain of the region."""
    pages = [{"items": [{"id": "a1", "name": "p-api-dev"}, {"id": "b2", "name": "other"}]}]
    for domain in ("us-east-1.amazonaws.com", "cn-north-1.amazonaws.com.cn"):
        gateway = SimpleNamespace(
            meta=SimpleNamespace(endpoint_url=f"https://apigateway.{domain}"),
            get_paginator=lambda _: SimpleNamespace(paginate=lambda **_: pages),
        )
        (api,) = pipeline.all(Api)
        clients: Clients = {"apigateway": gateway}.__getitem__
        assert api_addresses(clients, api) == [f"https://a1.execute-api.{domain}/v1"]
