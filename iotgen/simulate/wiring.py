"""The connections between the resources of a deployment, read from AWS: no names are known in advance.

https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html
https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from iotgen.simulate.clients import Clients, explaining

_FROM = re.compile(r"""\bFROM\s+(['"])(?P<topic>[^'"]+)\1""", re.IGNORECASE)
_MISSING = "ResourceNotFoundException"
_NOTHING = "{}"
_ALIAS = ":live"


def watched(clients: Clients, bucket: str) -> tuple[str, ...]:
    """The prefixes of the bucket's triggers; an empty one for a trigger on all objects."""
    with explaining(f"reading the triggers of the bucket {bucket}", f"s3:GetBucketNotification on {bucket}"):
        configuration = clients("s3").get_bucket_notification_configuration(Bucket=bucket)
    prefixes = (_prefix(trigger) for trigger in configuration.get("LambdaFunctionConfigurations", ()))
    return tuple(dict.fromkeys(prefixes))


def heard(clients: Clients, rule: str) -> str:
    """The topic filter of a rule of AWS IoT; empty if it has none."""
    with explaining(f"reading the rule {rule}", "iot:GetTopicRule"):
        sql = clients("iot").get_topic_rule(ruleName=rule)["rule"]["sql"]
    match = _FROM.search(sql)
    return match["topic"] if match else ""


def consumers(clients: Clients, queues: Iterable[str]) -> tuple[str, ...]:
    """The ARNs of the functions that the queues trigger."""
    functions: dict[str, None] = {}
    with explaining(
        "reading the triggers of the queues", "sqs:GetQueueAttributes and lambda:ListEventSourceMappings"
    ):
        for url in queues:
            answer = clients("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
            source = answer["Attributes"]["QueueArn"]
            for page in (
                clients("lambda").get_paginator("list_event_source_mappings").paginate(EventSourceArn=source)
            ):
                functions |= dict.fromkeys(mapping["FunctionArn"] for mapping in page["EventSourceMappings"])
    return tuple(functions)


def endpoints(clients: Clients, function: str) -> Iterator[tuple[str, str]]:
    """The method and path of each endpoint that may invoke a function; ANY and a path variable are `*`."""
    for statement in json.loads(_policy(clients, function)).get("Statement", ()):
        for condition in statement.get("Condition", {}).values():
            for name, arn in condition.items():
                # arn:aws:execute-api:us-east-1:123456789012:abc123/v1/POST/devices/*
                if name.lower() == "aws:sourcearn" and ":execute-api:" in arn:
                    _, _, method, path = f"{arn}///".split("/", 3)
                    yield method, "/" + path.rstrip("/")


def environment(clients: Clients, function: str) -> frozenset[str]:
    """The values of a function's environment variables, which include the names of its resources."""
    with explaining("reading the configuration of the functions", "lambda:GetFunctionConfiguration"):
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
    """What a function allows, or else its alias: with a rollout, all callers use that."""
    own = _policy_of(clients, function)
    if own != _NOTHING or function.endswith(_ALIAS):
        return own
    return _policy_of(clients, function + _ALIAS)


def _policy_of(clients: Clients, function: str) -> str:
    from botocore.exceptions import ClientError

    with explaining("reading the policies of the functions", "lambda:GetPolicy, or choose a `--path`"):
        try:
            return str(clients("lambda").get_policy(FunctionName=function)["Policy"])
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == _MISSING:
                return _NOTHING
            raise
