"""The domains of user pools that are taken. Two pools may have one name."""

from collections.abc import Iterator

from iotgen.kinds.user_pools.pool import UserPool
from iotgen.model.preflight import Account, Check


def pool_preflight(pools: tuple[UserPool, ...], account: Account) -> Iterator[Check]:
    """An error for each domain that another pool of the account has.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolDomain.html
    """
    client = account.client("cognito-idp")
    for pool in pools:
        if pool.domain is None:
            continue
        found = client.describe_user_pool_domain(Domain=pool.domain)["DomainDescription"]
        if owner := found.get("UserPoolId"):
            arn = account.arn("cognito-idp", f"userpool/{owner}")
            yield from account.taken("the domain", pool.domain, (*pool.path, "domain"), arn)
