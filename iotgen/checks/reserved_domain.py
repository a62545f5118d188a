"""The domain of a user pool has a word that AWS keeps for itself."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.user_pools import UserPool
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

_RESERVED = ("amazon", "aws", "cognito")


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each domain with such a word in it."""
    for pool in pipeline.all(UserPool):
        word = next((one for one in _RESERVED if one in (pool.domain or "")), None)
        if word:
            message = (
                f"the domain of the user pool `{pool.key}` is `{pool.domain}`, and Cognito refuses `{word}` "
                "in it"
            )
            yield Finding(
                (*pool.path, "domain"), message, "Write another one, such as the name of what its users do."
            )


RULE = Rule(
    code="IOT409",
    summary="The domain of a user pool has `aws`, `amazon` or `cognito` in it.",
    why=(
        "Cognito keeps these words for its own addresses, and refuses them in the domain of sign-in pages, "
        "in the middle of an apply."
    ),
    fix="Write another domain.",
    source="https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html",
    check=check,
)
