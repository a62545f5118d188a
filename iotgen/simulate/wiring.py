"""What calls what in a deployment, as AWS tells it: no name of a resource is known beforehand.

https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html
https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from iotgen.simulate.clients import Clients, explaining

_MISSING = "ResourceNotFoundException"


def watched(clients: Clients, bucket: str) -> tuple[str, ...]:
    """How the keys of the objects begin that trigger a function; empty for a trigger on all objects."""
    with explaining(f"reading what the bucket {bucket} triggers", f"s3:GetBucketNotification on {bucket}"):
        found = clients("s3").get_bucket_notification_configuration(Bucket=bucket)
    prefixes = (_prefix(trigger) for trigger in found.get("LambdaFunctionConfigurations", ()))
    return tuple(dict.fromkeys(prefixes))


def consumers(clients: Clients, queues: Iterable[str]) -> tuple[str, ...]:
    """The ARNs of the functions that the queues trigger."""
    found: dict[str, None] = {}
    with explaining(
        "reading what the queues trigger", "sqs:GetQueueAttributes and lambda:ListEventSourceMappings"
    ):
        for url in queues:
            answer = clients("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
            source = answer["Attributes"]["QueueArn"]
            for page in (
                clients("lambda").get_paginator("list_event_source_mappings").paginate(EventSourceArn=source)
            ):
                found |= dict.fromkeys(mapping["FunctionArn"] for mapping in page["EventSourceMappings"])
    return tuple(found)


def endpoints(clients: Clients, function: str) -> Iterator[tuple[str, str]]:
    """Method and path of each endpoint that may call a function; a variable of a path is `*`."""
    for statement in json.loads(_policy(clients, function)).get("Statement", ()):
        for condition in statement.get("Condition", {}).values():
            for name, arn in condition.items():
                # arn:aws:execute-api:us-east-1:123456789012:abc123/v1/POST/devices/*
                if name.lower() == "aws:sourcearn" and ":execute-api:" in arn:
                    _, _, method, path = f"{arn}///".split("/", 3)
                    yield method, "/" + path.rstrip("/")


def environment(clients: Clients, function: str) -> frozenset[str]:
    """What the variables of a function hold: the names of what it uses are among them."""
    with explaining("reading what the functions use", "lambda:GetFunctionConfiguration"):
        configuration = clients("lambda").get_function_configuration(FunctionName=function)
    return frozenset(configuration.get("Environment", {}).get("Variables", {}).values())


def key_of(clients: Clients, table: str) -> dict[str, str]:
    """The names of a table's key attributes, by HASH and RANGE."""
    with explaining("reading the keys of the tables", "dynamodb:DescribeTable on the tables"):
        description = clients("dynamodb").describe_table(TableName=table)["Table"]
    return {part["KeyType"]: part["AttributeName"] for part in description["KeySchema"]}


def _prefix(trigger: dict[str, Any]) -> str:
    rules = trigger.get("Filter", {}).get("Key", {}).get("FilterRules", ())
    return next((str(rule["Value"]) for rule in rules if rule["Name"].lower() == "prefix"), "")


def _policy(clients: Clients, function: str) -> str:
    from botocore.exceptions import ClientError

    with explaining("reading who may call the functions", "lambda:GetPolicy; `--path` does without it"):
        try:
            return str(clients("lambda").get_policy(FunctionName=function)["Policy"])
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == _MISSING:
                return "{}"
            raise
