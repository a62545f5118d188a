"""What is certain of a handler's code, and what isn't."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import textwrap

import pytest

from iotgen.usage.facts import Facts, read_facts
from iotgen.usage.modules import Code, Module
from iotgen.usage.reached import uses


def _calls(body: str) -> list[str]:
    facts = read_facts(textwrap.dedent(body), (3, 11))
    assert isinstance(facts, Facts)
    code = Code({"handler": Module("handler", "h.py", True, facts)}, (), frozenset(), True)
    return [f"{call.service}.{call.operation}:{call.line}" for call in uses(code, "handler.handler").calls]


@pytest.mark.parametrize(
    "body",
    [
        "import boto3\nboto3.client('sqs').purge_queue()",
        "import boto3 as b\nb.client(service_name='sqs').purge_queue()",
        "from boto3 import client\nclient('sqs', region_name='x').purge_queue()",
        "from boto3.session import Session\nSession().client('sqs').purge_queue()",
        "import boto3\nboto3.session.Session(region_name='x').client('sqs').purge_queue()",
        "import boto3\na = boto3\nc = a.client('sqs')\nd = c\nd.purge_queue()",
        "import boto3\nif (c := boto3.client('sqs')):\n    c.purge_queue()",
        "import boto3\nc = boto3.client('sqs') if x else boto3.client('sqs')\nc.purge_queue()",
        "import boto3\nc = None\ndef get():\n    global c\n    c = boto3.client('sqs')\nc.purge_queue()",
        "import boto3\ndef make():\n    return boto3.client('sqs')\nmake().purge_queue()",
        "import boto3\nboto3.resource('sqs').meta.client.purge_queue()",
        "import boto3\nclass A:\n    sqs = boto3.client('sqs')\n    def handler(self):\n        self.sqs.purge_queue()\nhandler = A().handler",
        "import boto3\nclass A:\n    def __init__(self):\n        self.sqs = boto3.client('sqs')\n"
        "    def _run(self):\n        def inner():\n            self.sqs.purge_queue()\n        inner()\nA()",
        "import boto3\nclass A:\n    @property\n    def sqs(self):\n        return boto3.client('sqs')\n"
        "    def go(self):\n        self.sqs.purge_queue()\nA().go()",
        "import boto3\nclass A:\n    def sqs(self):\n        return boto3.client('sqs')\n"
        "    def go(self):\n        self.sqs().purge_queue()\nA().go()",
        "def handler(event, context, services):\n    services.client('sqs').purge_queue()",
        "import boto3\ndef handler(event, context):\n    return [c for c in go()]\ndef go():\n    boto3.client('sqs').purge_queue()",
        "import boto3\nfrom x import app\n@app.get('/')\ndef route():\n    boto3.client('sqs').purge_queue()",
        "import boto3\nasync def handler(event, context):\n    boto3.client('sqs').purge_queue()",
    ],
)  # fmt: skip
def test_a_call_that_is_certain(body: str) -> None:
    assert [call.rpartition(":")[0] for call in _calls(body)] == ["sqs.purge_queue"]


@pytest.mark.parametrize(
    "body",
    [
        "client('sqs').purge_queue()",
        "import boto3\nboto3.client(name).purge_queue()",
        "import boto3\nboto3.client('sqs', endpoint_url=x).purge_queue()",
        "import boto3\nboto3.client('sqs', **settings).purge_queue()",
        "import boto3\nboto3.Session(profile_name='other').client('sqs').purge_queue()",
        "import boto3\nboto3 = fake\nboto3.client('sqs').purge_queue()",
        "import boto3\nc = boto3.client('sqs')\nc = fake\nc.purge_queue()",
        "import boto3\nc = boto3.client('sqs')\nfor c in d:\n    c.purge_queue()",
        "import boto3\nc = boto3.client('sqs')\ndef handler(c, d):\n    c.purge_queue()",
        "import boto3\nc = boto3.client('sqs')\n[c.purge_queue() for c in d]",
        "import boto3\nc = boto3.client('sqs')\nwith x as c:\n    c.purge_queue()",
        "import boto3\ndef handler(event, context, c=boto3.client('sqs')):\n    c.purge_queue()",
        "import boto3\ndef make(x):\n    if x:\n        return fake\n    return boto3.client('sqs')\nmake(1).purge_queue()",
        "import boto3\ndef make():\n    yield boto3.client('sqs')\nmake().purge_queue()",
        "import boto3\nclass A:\n    sqs = boto3.client('sqs')\n    def go(self):\n        self.sqs = fake\n        self.sqs.purge_queue()\nA().go()",
        "import boto3\ndef never():\n    boto3.client('sqs').purge_queue()",
        "import boto3\nboto3.client('sqs').strange()",
        "import boto3\nboto3.client('strange').purge_queue()",
        "import boto3\nboto3.resource('dynamodb').Table('x').batch_writer().delete_item()",
    ],
)  # fmt: skip
def test_a_call_that_is_not(body: str) -> None:
    assert [call for call in _calls(body) if "batch_writer" not in call] == []


def test_operations_of_a_resources_objects_and_pages() -> None:
    body = """
        import boto3
        tables = boto3.resource("dynamodb")
        tables.Table("x").scan()
        boto3.client("s3").get_paginator("list_objects_v2").paginate()
        boto3.resource("sqs").get_queue_by_name(QueueName="x").send_messages()
        boto3.resource("sns").Topic("x").publish()
    """
    assert _calls(body) == [
        "dynamodb.scan:4",
        "s3.list_objects_v2:5",
        "sqs.get_queue_by_name:6",
        "sqs.send_messages:6",
        "sns.publish:7",
    ]
