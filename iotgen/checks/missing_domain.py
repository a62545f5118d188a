"""A client has addresses for sign-in pages that its user pool does not have."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.user_pools import USER_POOLS, UserPool
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each client with `callback` of a pool without `domain`."""
    for pool in pipeline.all(UserPool):
        if pool.domain or f"{USER_POOLS.address}.{pool.label}" in sources.referred:
            continue
        for client in pool.clients:
            if client.callback and pipeline.settled(pool.path):
                message = (
                    f"the client `{client.key}` has `callback`, and its user pool `{pool.key}` no `domain`, "
                    "where the sign-in pages are"
                )
                hint = f"Write `domain: {pipeline.name}-{{suffix}}` of `{pool.key}`, or omit `callback`."
                yield Finding((*client.path, "callback"), message, hint)


RULE = Rule(
    code="IOT410",
    severity=Severity.WARNING,
    summary="A client has addresses to come back to from sign-in pages, and its user pool has no such pages.",
    why=(
        "Cognito serves the sign-in pages of a user pool at the pool's domain. Without one nobody comes to "
        "`callback`: apps can sign users in by Cognito's API alone."
    ),
    fix="Give the user pool a `domain`, or take `callback` out.",
    ignore="The domain is made elsewhere, such as one of your own with a certificate.",
    source="https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain.html",
    check=check,
)
