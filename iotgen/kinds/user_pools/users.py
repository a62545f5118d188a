"""How many users a deployed pool has."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from iotgen.kinds.user_pools.pool import UserPool
from iotgen.model.change import Attributes
from iotgen.model.contents import Amount, Clients, counted
from iotgen.model.status import Fact, Metric, Status
from iotgen.model.user_pools import pool_id

# What one call answers at most.
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
_PAGE = 60


def pool_contents(clients: Clients, pool: Attributes, _now: datetime) -> Amount:
    """The users: their number up to a page, and Cognito's estimate of more.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolType.html
    """
    client = clients("cognito-idp")
    page = client.list_users(UserPoolId=pool["id"], Limit=_PAGE)
    number = len(page["Users"])
    if not page.get("PaginationToken"):
        return Amount(counted(number, "user"), empty=number == 0)
    about = f"about {_estimate(client, pool['id']):,} by Cognito's estimate"
    return Amount(f"more than {counted(number, 'user')} ({about})", empty=False)


def _estimate(client: Any, pool: str) -> int:
    return int(client.describe_user_pool(UserPoolId=pool)["UserPool"].get("EstimatedNumberOfUsers", 0))


def _metrics(_pool: UserPool) -> Iterable[Metric]:
    """None: those of Cognito are by the IDs of a pool and a client, which only AWS knows.

    https://docs.aws.amazon.com/cognito/latest/developerguide/metrics-for-cognito-user-pools.html
    """
    return ()


def _facts(clients: Clients, pool: UserPool) -> Iterator[Fact]:
    client = clients("cognito-idp")
    yield Fact(column="users", value=_estimate(client, pool_id(client, pool.name)))


POOL_STATUS = Status(columns=("users",), metrics=_metrics, facts=_facts)
