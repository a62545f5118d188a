"""boto3 as a handler sees it: clients and resources whose calls go to the simulated AWS."""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import boto3.dynamodb.conditions
import boto3.dynamodb.types
from botocore.config import Config

from iotgen.prove.aws.errors import Unsimulated, named

# What botocore does without a configuration:
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
_LEGACY_ATTEMPTS = 5
_STANDARD_ATTEMPTS = 3
_READ_TIMEOUT = 60.0

# Calls an operation: its service, name and arguments, attempts, and seconds to wait for an answer.
Call = Callable[[str, str, Mapping[str, Any], int, float], Any]


class _Shared:
    """What holds no state of a function's own, so a copy of what refers to it has it, too."""

    def __deepcopy__(self, _known: Any) -> "_Shared":
        return self


class Client(_Shared):
    """A client of one service."""

    def __init__(self, call: Call, service: str, config: Config | None = None) -> None:
        self._call, self._service = call, service
        self._attempts, self._timeout = _attempts(config), _read_timeout(config)
        self.exceptions = _Exceptions()
        self.meta = _Meta()

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        if operation.startswith("_"):
            raise AttributeError(operation)
        call, service, attempts, timeout = self._call, self._service, self._attempts, self._timeout

        def called(**given: Any) -> Any:
            return call(service, operation, given, attempts, timeout)

        setattr(self, operation, called)
        return called

    def get_paginator(self, operation: str) -> "_Paginator":
        """Pages of an operation."""
        return _Paginator(getattr(self, operation))

    def close(self) -> None:
        """Nothing is held."""


class _Meta:
    region_name = "us-east-1"
    endpoint_url = "https://aws.invalid"


class _Exceptions:
    """`client.exceptions.NameOfError`: the class of each error by its code."""

    def __getattr__(self, code: str) -> type[Exception]:
        return named(code)


class _Paginator:
    """Follows the keys by which DynamoDB and S3 go on."""

    def __init__(self, operation: Callable[..., Any]) -> None:
        self._operation = operation

    def paginate(self, **given: Any) -> Any:
        """Each page."""
        given.pop("PaginationConfig", None)
        while True:
            page = self._operation(**given)
            yield page
            if "LastEvaluatedKey" not in page:
                return
            given["ExclusiveStartKey"] = page["LastEvaluatedKey"]


class _Table(_Shared):
    """A table of the resource interface: items as Python values, conditions as objects."""

    def __init__(self, client: Client, name: str) -> None:
        self._client, self.name, self.table_name = client, name, name

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        if operation.startswith("_"):
            raise AttributeError(operation)

        def called(**given: Any) -> Any:
            answer = getattr(self._client, operation)(**_given(given), TableName=self.name)
            return _answered(answer)

        return called

    def batch_writer(self, overwrite_by_pkeys: Any = None) -> "_BatchWriter":
        """Writes in batches, until each item is taken."""
        return _BatchWriter(self._client, self.name)


class _BatchWriter:
    _MOST = 25

    def __init__(self, client: Client, name: str) -> None:
        self._client, self._name, self._waiting = client, name, list[Any]()

    def __enter__(self) -> "_BatchWriter":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        while self._waiting and kind is None:
            self._flush()

    def put_item(self, Item: Mapping[str, Any]) -> None:  # noqa: N803 - boto3's name
        """Write an item, some time before the end of the block."""
        self._add({"PutRequest": {"Item": _serialized(Item)}})

    def delete_item(self, Key: Mapping[str, Any]) -> None:  # noqa: N803 - boto3's name
        """Delete an item, some time before the end of the block."""
        self._add({"DeleteRequest": {"Key": _serialized(Key)}})

    def _add(self, request: Any) -> None:
        self._waiting.append(request)
        if len(self._waiting) >= self._MOST:
            self._flush()

    def _flush(self) -> None:
        batch, self._waiting = self._waiting[: self._MOST], self._waiting[self._MOST :]
        answer = self._client.batch_write_item(RequestItems={self._name: batch})
        self._waiting += answer["UnprocessedItems"].get(self._name, [])


class _ResourceMeta:
    def __init__(self, client: Client) -> None:
        self.client = client


class _DynamoResource(_Shared):
    def __init__(self, client: Client) -> None:
        self.meta = _ResourceMeta(client)

    def Table(self, name: str) -> _Table:  # noqa: N802 - boto3's name
        """A table by name."""
        return _Table(self.meta.client, name)


_ATTRIBUTES = ("Item", "Key", "ExclusiveStartKey", "ExpressionAttributeValues")
_CONDITIONS = ("KeyConditionExpression", "FilterExpression", "ConditionExpression")


def _given(given: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as the client takes them."""
    plain = {
        name: _serialized(value) if name in _ATTRIBUTES and value is not None else value
        for name, value in given.items()
    }
    builder = boto3.dynamodb.conditions.ConditionExpressionBuilder()
    for name in _CONDITIONS:
        value = plain.get(name)
        if isinstance(value, boto3.dynamodb.conditions.ConditionBase):
            built = builder.build_expression(value, is_key_condition=name == "KeyConditionExpression")
            plain[name] = built.condition_expression
            plain["ExpressionAttributeNames"] = {
                **(plain.get("ExpressionAttributeNames") or {}),
                **built.attribute_name_placeholders,
            }
            plain["ExpressionAttributeValues"] = {
                **(plain.get("ExpressionAttributeValues") or {}),
                **_serialized(built.attribute_value_placeholders),
            }
    return plain


def _answered(answer: Mapping[str, Any]) -> dict[str, Any]:
    plain = dict(answer)
    for name in ("Item", "Attributes", "LastEvaluatedKey"):
        if name in plain:
            plain[name] = _deserialized(plain[name])
    if "Items" in plain:
        plain["Items"] = [_deserialized(item) for item in plain["Items"]]
    return plain


_serialize = boto3.dynamodb.types.TypeSerializer().serialize
_deserialize = boto3.dynamodb.types.TypeDeserializer().deserialize


def _serialized(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _serialize(value) for name, value in item.items()}


def _deserialized(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _deserialize(value) for name, value in item.items()}


def module(call: Call) -> ModuleType:
    """A module that stands for boto3; its parts that know no AWS are boto3's own."""

    def client(service_name: str, *_: Any, config: Config | None = None, **__: Any) -> Client:
        return Client(call, service_name, config)

    def resource(service_name: str, *_: Any, config: Config | None = None, **__: Any) -> _DynamoResource:
        if service_name != "dynamodb":
            raise Unsimulated(f"`boto3.resource({service_name!r})` is not simulated")
        return _DynamoResource(Client(call, service_name, config))

    class Session:
        """A session: the region and the account are those of the simulation."""

        region_name = "us-east-1"

        def __init__(self, *_: Any, **__: Any) -> None:
            self.client, self.resource = client, resource

    simulated = ModuleType("boto3")
    simulated.__dict__.update(
        client=client,
        resource=resource,
        Session=Session,
        session=type("session", (), {"Session": Session}),
        dynamodb=boto3.dynamodb,
        __path__=[],
    )
    return simulated


def _attempts(config: Any) -> int:
    """The attempts in all; a client's `max_attempts` counts those after the first."""
    retries = (getattr(config, "retries", None) or {}) if config else {}
    if "total_max_attempts" in retries:
        return int(retries["total_max_attempts"])
    if "max_attempts" in retries:
        return int(retries["max_attempts"]) + 1
    return _LEGACY_ATTEMPTS if retries.get("mode", "legacy") == "legacy" else _STANDARD_ATTEMPTS


def _read_timeout(config: Any) -> float:
    timeout = getattr(config, "read_timeout", None) if config else None
    return float(timeout) if timeout else _READ_TIMEOUT
