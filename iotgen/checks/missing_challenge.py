"""A client signs users in by functions, which its user pool does not have."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.user_pools import USER_POOLS, UserPool
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity

_FLOW = "ALLOW_CUSTOM_AUTH"
_NEEDED = ("define_auth_challenge", "create_auth_challenge", "verify_auth_challenge_response")


def check(pipeline: Pipeline, sources: Sources) -> Iterator[Finding]:
    """Find each client with the flow `custom` of a pool without its three functions."""
    for pool in pipeline.all(UserPool):
        missing = [f"`{word}`" for word in _NEEDED if word not in pool.called]
        referred = f"{USER_POOLS.address}.{pool.label}" in sources.referred
        for client in pool.clients if missing and not referred and pipeline.settled(pool.path) else ():
            if _FLOW in client.flows:
                message = (
                    f"the client `{client.key}` signs in by the flow `custom`, and no function of the user "
                    f"pool `{pool.key}` is called at {', '.join(missing)}"
                )
                hint = "Write triggers of functions for all three, or take `custom` out of `flows`."
                yield Finding((*client.path, "flows"), message, hint)


RULE = Rule(
    code="IOT413",
    severity=Severity.WARNING,
    summary="A client signs users in by functions, which its user pool does not have.",
    why=(
        "In the flow `custom`, functions of the user pool say what users are asked, make the question and "
        "look at the answer. Without them Cognito refuses whoever signs in so."
    ),
    fix="Have functions called at the three events, or take `custom` out of `flows`.",
    ignore="The functions are set elsewhere.",
    source="https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-challenge.html",
    check=check,
)
