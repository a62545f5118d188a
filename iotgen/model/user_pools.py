"""Deployed user pools: Cognito finds one by its ID, which no name has in it."""

from typing import Any

from iotgen.model.live import Live
from iotgen.model.outside import Outside
from iotgen.model.resource import Resource
from iotgen.model.status import MissingError


def pool_id(client: Any, name: str) -> str:
    """The ID of the pool with a name; MissingError if there is none."""
    pages = client.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 60})
    for page in pages:
        for pool in page["UserPools"]:
            if pool["Name"] == name:
                return str(pool["Id"])
    raise MissingError(name)


def live_id(at: Live, pool: Resource) -> str:
    """The ID of a pool of the spec."""
    return pool.id if isinstance(pool, Outside) else pool_id(at.client("cognito-idp"), pool.name)
