"""Changes of a deployed user pool that an apply cannot make.

The provider replaces a pool for another name or another way to sign in, and takes no attribute away:
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cognito_user_pool
"""

from collections.abc import Iterator

from iotgen.kinds.user_pools.pool import ADDRESS, UserPool
from iotgen.model.change import Attributes, Deployed, fails, loses, named_anew
from iotgen.model.pipeline import Pipeline
from iotgen.problem import Finding


def pool_changes(pools: tuple[UserPool, ...], pipeline: Pipeline, deployed: Deployed) -> Iterator[Finding]:
    """A changed name, another way to sign in, or else other attributes."""
    for pool in pools:
        if there := deployed.get(f"{ADDRESS}.{pool.label}"):
            changed = [*named_anew(pool, "user pool", there, pipeline.suffix), *_sign_in(pool, there)]
            yield from changed or _attributes(pool, there)


def _sign_in(pool: UserPool, there: Attributes) -> Iterator[Finding]:
    usernames = frozenset(there.get("username_attributes") or ())
    aliases = frozenset(there.get("alias_attributes") or ())
    if (usernames, aliases) == (frozenset(pool.usernames), frozenset(pool.aliases)):
        return
    words = sorted(usernames) or ["username", *sorted(aliases)]
    yield loses(
        (*pool.path, "sign_in"),
        f"the user pool `{pool.key}` is deployed with `sign_in: [{', '.join(words)}]`, which Cognito cannot "
        "change: the pool would be replaced by an empty one",
        f"Add a user pool under another key, such as `{pool.key}-2`, and remove this one when its users have "
        "moved.",
    )


def _attributes(pool: UserPool, there: Attributes) -> Iterator[Finding]:
    old = {one["name"]: bool(one.get("required")) for one in there.get("schema") or ()}
    required = {name for name, needed in old.items() if needed}
    if required != set(pool.required):
        yield fails(
            (*pool.path, "required") if pool.required else pool.path,
            f"the user pool `{pool.key}` is deployed with {_setting('required', required)}, and Cognito "
            "cannot change which attributes users must have",
            f"Keep {_setting('required', required)}.",
        )
    if gone := [name for name, needed in old.items() if not needed and name not in pool.attributes]:
        keep = _setting("attributes", {*pool.attributes, *gone})
        yield fails(
            (*pool.path, "attributes") if pool.attributes else pool.path,
            f"the user pool `{pool.key}` is deployed with the attributes {_quoted(gone)}, and Cognito takes "
            "none away",
            f"Write {keep}: one that nothing uses costs nothing.",
        )


def _setting(word: str, names: set[str]) -> str:
    return f"`{word}: [{', '.join(sorted(names))}]`"


def _quoted(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))
