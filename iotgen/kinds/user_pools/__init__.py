"""User pools: people who sign in, in Cognito."""

from collections.abc import Iterator

from iotgen.kinds.user_pools.access import POOL_ACCESS
from iotgen.kinds.user_pools.changes import pool_changes
from iotgen.kinds.user_pools.clients import asked_of, client_id, has_client
from iotgen.kinds.user_pools.pool import ADDRESS, CLIENT, SECTION, UserPool
from iotgen.kinds.user_pools.preflight import pool_preflight
from iotgen.kinds.user_pools.resolve import resolve_pools
from iotgen.kinds.user_pools.users import POOL_STATUS, pool_contents
from iotgen.model.arn import arn
from iotgen.model.change import Attributes
from iotgen.model.contents import Refusal
from iotgen.model.context import Context, label
from iotgen.model.cost import Amounts, Costs, Work, nothing
from iotgen.model.derived import no_derived
from iotgen.model.drawing import Node, Style
from iotgen.model.expression import Joined, Reference, joined
from iotgen.model.kind import Kind, Name
from iotgen.model.live import Live
from iotgen.model.log_group import no_logs
from iotgen.model.outside import Form, Outside, never_read
from iotgen.model.pipeline import Pipeline
from iotgen.model.rendering import Digests, Output, Rendering, output_of

__all__ = ["SECTION", "USER_POOLS", "UserPool", "asked_of", "client_id", "has_client"]


def _names(pool: UserPool) -> Iterator[Name]:
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html
    yield Name(what="a user pool", text=pool.name, space="user pool", most=128)
    for client in pool.clients:
        what, space = "a client of a user pool", f"client of {pool.key}"
        yield Name(what=what, text=client.name, space=space, most=128, path=client.path)
    if pool.domain:
        what, path = "the domain of a user pool", (*pool.path, "domain")
        yield Name(what=what, text=pool.domain, space="domain of user pools", most=63, path=path)


def _render(pools: tuple[UserPool, ...], _digests: Digests) -> Iterator[Rendering]:
    for pool in pools:
        yield Rendering(SECTION, pool.path, "user_pool", {"pool": pool}, moved=pool.moved)
        for client in pool.clients:
            moved = {client.label: client.former}
            holes = {"pool": pool, "client": client}
            yield Rendering(SECTION, client.path, "user_pool_client", holes, moved=moved)
        for group in pool.groups:
            moved = {group.label: group.former}
            holes = {"pool": pool, "group": group}
            yield Rendering(SECTION, group.path, "user_pool_group", holes, moved=moved)


def _outputs(pools: tuple[UserPool, ...]) -> Iterator[Output]:
    labels = {pool.key: pool.label for pool in pools}
    yield from output_of("user_pool_ids", "The user pools' IDs", labels, f"{ADDRESS}.id")
    clients = {f"{pool.key}/{client.key}": client.label for pool in pools for client in pool.clients}
    description = "The IDs of the user pools' clients, by pool and client"
    yield from output_of("user_pool_client_ids", description, clients, f"{CLIENT}.id")
    pages = {pool.key: joined(pool.sign_in_pages) for pool in pools if pool.sign_in_pages}
    if pages:
        yield Output("sign_in_pages", "Where the sign-in pages of user pools are", pages)


_STYLE = Style(
    name="user-pool",
    hue=100,
    icon="M9 5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7M3 20c0-4 3-6 6-6s6 2 6 6M16 5.5a3.5 3.5 0 0 1 0 6.5",
    shape=("[/", "/]"),
)


def _drawing(pools: tuple[UserPool, ...], _pipeline: Pipeline) -> Iterator[Node]:
    for pool in pools:
        yield Node(id=pool.path, noun="user pool", title=pool.key, note="Cognito", style=_STYLE)


def _own_arn(context: Context, key: str) -> Joined:
    """Of one that exists already what its ID says, else what AWS says: the ID is of its choice.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html
    """
    if already := context.existing_name(SECTION, key):
        return arn("cognito-idp", already.partition("_")[0], "userpool/", already)
    return joined(Reference(f"{ADDRESS}.{label(key)}.arn"))


def _issuer(context: Context, key: str) -> Joined:
    """Where the tokens of a pool are from.

    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
    """
    ending = Reference("data.aws_partition.current.dns_suffix")
    pool = context.existing_name(SECTION, key) or Reference(f"{ADDRESS}.{label(key)}.id")
    return joined(f"https://cognito-idp.{context.region}.", ending, "/", pool)


def _there(live: Live, pool: Outside) -> None:
    live.client("cognito-idp").describe_user_pool(UserPoolId=pool.id)


def _is_protected(pool: Attributes) -> bool:
    return pool.get("deletion_protection") == "ACTIVE"


def _free(_work: Work) -> Amounts:
    """Cognito bills the users who are active in a month, not the calls, and no load says how many these are.

    https://aws.amazon.com/cognito/pricing/
    """
    return {}


USER_POOLS: Kind[UserPool] = Kind(
    section=SECTION,
    noun="user pool",
    type=UserPool,
    address=ADDRESS,
    referred=True,
    used_in="`auth` of an endpoint, or to the `access` of a function",
    resolve=resolve_pools,
    names=_names,
    render=_render,
    outputs=_outputs,
    alarms=None,
    logs=no_logs,
    status=POOL_STATUS,
    traces=None,
    changes=pool_changes,
    contents=pool_contents,
    refuses=Refusal("deletion_protection", ADDRESS, _is_protected),
    in_spec=None,
    waits={},
    preflight=pool_preflight,
    renamable=True,
    access=POOL_ACCESS,
    existing=Form(
        address=ADDRESS,
        service="cognito-idp",
        within="userpool/",
        own=_own_arn,
        read=never_read,
        there=_there,
        style=_STYLE,
        noted="arn",
        url=_issuer,
    ),
    derived=no_derived,
    drawing=_drawing,
    costs=Costs(
        charges=nothing,
        calls=dict.fromkeys(POOL_ACCESS.verbs, _free),
        per_reading={},
        apart=False,
        levers=(),
    ),
)
