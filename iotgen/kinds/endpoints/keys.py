"""API keys, and the usage plan that says how often each may call.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from iotgen.errors import IotgenError
from iotgen.kinds.endpoints.naming import part
from iotgen.model.contents import Clients
from iotgen.model.context import Context
from iotgen.model.expression import Label
from iotgen.model.kind import Settings


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """A key, of which AWS makes the value; `name` is its own on AWS."""

    key: str
    label: Label
    name: str


@dataclass(frozen=True, kw_only=True)
class UsagePlan:
    """The keys of an API, and what each may use: `limit` requests in a `period`, and at a rate."""

    keys: tuple[ApiKey, ...]
    limit: int | None
    period: str | None
    rate: int | None
    burst: int | None


def usage_plan(context: Context, api: Label, settings: Settings) -> UsagePlan | None:
    """The plan of the API's keys, None if it has no keys."""
    if not settings.get("keys"):
        return None
    written = settings["keys"]
    keys: Settings = written if isinstance(written, Mapping) else {key: {} for key in written}
    quota, throttle = settings.get("quota", {}), settings.get("key_throttle", {})
    return UsagePlan(
        keys=tuple(
            ApiKey(
                key=key,
                label=part(api, f"{key}_key"),
                name=context.filled(own["name"]) if "name" in own else context.name(key),
            )
            for key, own in keys.items()
        ),
        limit=quota.get("limit"),
        period=quota["period"].upper() if quota else None,
        rate=throttle.get("rate"),
        burst=throttle.get("burst", throttle.get("rate")),
    )


def key_value(clients: Clients, name: str) -> str:
    """The value of the deployed key with a name on AWS, which only AWS knows."""
    for key in _named(clients, name):
        if key["name"] == name:
            return str(key["value"])
    raise IotgenError(f"there is no API key {name}", "Deploy first: iotgen apply.")


def _named(clients: Clients, name: str) -> Iterator[dict[str, str]]:
    pages = clients("apigateway").get_paginator("get_api_keys")
    for page in pages.paginate(nameQuery=name, includeValues=True):
        yield from page["items"]
