"""The reference pipelines as their specs describe them, on an AWS of moto's."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import yaml

REGION = "us-east-1"
SERVICES = ("dynamodb", "sqs", "sns", "ssm", "s3")
SPECS = Path(__file__).parent.parent.parent / "specs"

Clients = Mapping[str, Any]


@dataclass(frozen=True)
class Spec:
    """What a reference spec says, in production."""

    data: Mapping[str, Any]

    def memory(self, function: str) -> int:
        """Give a function's memory in MiB."""
        settings = [self.data, self.data.get("environments", {}).get("prod", {})]
        found = [one.get("defaults", {}).get("function", {}).get("memory") for one in settings]
        found.append(self.data["functions"][function].get("memory"))
        return int([memory for memory in found if memory][-1])

    @property
    def config(self) -> str:
        """The configuration parameter's value."""
        return json.dumps(self.data["parameters"]["config"]["value"])

    def batch_size(self, function: str) -> int:
        """Give the most messages that a function takes at a time."""
        [trigger] = self.data["functions"][function]["triggers"]
        return int(trigger["batch_size"])


@cache
def read_specs() -> tuple[Spec, ...]:
    """Read both reference specs."""
    return tuple(
        Spec(yaml.safe_load((SPECS / name).read_text("utf-8")))
        for name in ("pipeline.yaml", "s3-events.yaml")
    )


def make_client(service: Any, **settings: Any) -> Any:
    """Make a client of one of SERVICES."""
    return boto3.client(
        service,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        **settings,
    )


def create(spec: Spec, clients: Clients, suffix: str) -> dict[str, str]:
    """Create what a spec names; give the environment by which its functions find it."""
    return {
        f"{kind}_{key.upper().replace('-', '_')}": found
        for section, make in _SECTIONS.items()
        for key, settings in spec.data.get(section, {}).items()
        for kind, found in make(clients, f"{key}-{suffix}", settings)
    }


def _table(clients: Clients, name: str, settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    keys = {"HASH": settings["partition_key"], "RANGE": settings["sort_key"]}
    names = {kind: attribute for kind, key in keys.items() for attribute in key}
    clients["dynamodb"].create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": attribute, "KeyType": kind} for kind, attribute in names.items()],
        AttributeDefinitions=[
            {"AttributeName": attribute, "AttributeType": "S"} for attribute in names.values()
        ],
    )
    yield "TABLE", name


def _queue(clients: Clients, name: str, _: Any) -> Iterator[tuple[str, str]]:
    yield "QUEUE", clients["sqs"].create_queue(QueueName=name)["QueueUrl"]
    yield "DEAD_LETTER_QUEUE", clients["sqs"].create_queue(QueueName=f"{name}-dlq")["QueueUrl"]


def _topic(clients: Clients, name: str, _: Any) -> Iterator[tuple[str, str]]:
    yield "TOPIC", clients["sns"].create_topic(Name=name)["TopicArn"]


def _bucket(clients: Clients, name: str, _: Any) -> Iterator[tuple[str, str]]:
    clients["s3"].create_bucket(Bucket=name)
    clients["s3"].put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    yield "BUCKET", name


def _parameter(clients: Clients, name: str, settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    value = json.dumps(settings["value"]) if "value" in settings else "unset"
    clients["ssm"].put_parameter(Name=name, Value=value, Type="String")
    yield "PARAMETER", name


_SECTIONS = {
    "tables": _table,
    "queues": _queue,
    "topics": _topic,
    "buckets": _bucket,
    "parameters": _parameter,
}
