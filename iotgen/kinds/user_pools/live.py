"""What only AWS knows of deployed user pools and their clients."""

from iotgen.kinds.user_pools.pool import UserPool
from iotgen.model.live import Live
from iotgen.model.outside import Outside
from iotgen.model.status import MissingError
from iotgen.model.user_pools import live_id


def live_issuer(at: Live, pool: UserPool | Outside) -> str:
    """Where the tokens of a pool are from."""
    found = live_id(at, pool)
    ending = ".cn" if at.partition == "aws-cn" else ""
    return f"https://cognito-idp.{at.region}.amazonaws.com{ending}/{found}"


def live_arn(at: Live, pool: UserPool | Outside) -> str:
    """The ARN of a pool."""
    return f"arn:{at.partition}:cognito-idp:{at.region}:{at.account}:userpool/{live_id(at, pool)}"


def live_client(at: Live, pool: UserPool, key: str) -> str:
    """The ID of a pool's client; MissingError if there is none."""
    client, name = at.client("cognito-idp"), next(one.name for one in pool.clients if one.key == key)
    pages = client.get_paginator("list_user_pool_clients").paginate(
        UserPoolId=live_id(at, pool), PaginationConfig={"PageSize": 60}
    )
    for page in pages:
        for one in page["UserPoolClients"]:
            if one["ClientName"] == name:
                return str(one["ClientId"])
    raise MissingError(name)
