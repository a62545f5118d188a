"""How functions use user pools: by the operations that need permissions of AWS.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html
"""

from typing import Any

from iotgen.kinds.user_pools.pool import ADDRESS, SECTION
from iotgen.model.access import Access, Variable, Verb, only_statement
from iotgen.model.context import Context
from iotgen.model.expression import Joined
from iotgen.model.user_pools import live_id

# The operations of each verb, in boto3's words, the one for messages first.
_READS = {
    "read": ("admin_get_user", "list_users"),
    "describe": ("describe_user_pool",),
}
_WRITES = {
    "create": ("admin_create_user",),
    "update": ("admin_update_user_attributes", "admin_delete_user_attributes"),
    "delete": ("admin_delete_user",),
    "enable": ("admin_enable_user", "admin_disable_user"),
    "confirm": ("admin_confirm_sign_up",),
    "group": (
        "admin_add_user_to_group",
        "admin_list_groups_for_user",
        "admin_remove_user_from_group",
        "list_groups",
        "list_users_in_group",
    ),
    "password": ("admin_set_user_password", "admin_reset_user_password"),
    "sign_in": ("admin_initiate_auth", "admin_respond_to_auth_challenge"),
    "sign_out": ("admin_user_global_sign_out",),
}
_PHRASES = {
    "read": "read the users of the user pool `{key}`",
    "describe": "describe the user pool `{key}`",
    "create": "create users in the user pool `{key}`",
    "update": "change attributes of users of the user pool `{key}`",
    "delete": "delete users of the user pool `{key}`",
    "enable": "disable and enable users of the user pool `{key}`",
    "confirm": "confirm users of the user pool `{key}`",
    "group": "change the groups of users of the user pool `{key}`",
    "password": "set passwords of users of the user pool `{key}`",
    "sign_in": "sign users of the user pool `{key}` in",
    "sign_out": "sign users of the user pool `{key}` out",
}
# Others that a verb does not grant, and that name a pool.
_OTHERS = ("create_group", "delete_group", "list_user_pool_clients", "list_user_pools", "update_user_pool")


def _action(operation: str) -> str:
    return "cognito-idp:" + "".join(word.capitalize() for word in operation.split("_"))


def _verb(word: str, operations: tuple[str, ...], *, reads: bool) -> Verb:
    return Verb(
        actions=tuple(map(_action, operations)),
        method=operations[0],
        methods=frozenset(operations),
        reads=reads,
        phrase=_PHRASES[word],
    )


def _arn(context: Context, key: str, _verb: Any) -> Joined:
    return context.arn(SECTION, key)


_EVERY = {one for operations in (*_READS.values(), *_WRITES.values()) for one in operations}

POOL_ACCESS = Access(
    service="cognito-idp",
    operations={one: _action(one) for one in sorted({*_EVERY, *_OTHERS})},
    objects={},
    address=ADDRESS,
    noun="user pool",
    variable=Variable(prefix="USER_POOL_", attribute="id", live=live_id),
    phrase="{verbs} in the user pool `{key}`",
    verbs={word: _verb(word, operations, reads=True) for word, operations in _READS.items()}
    | {word: _verb(word, operations, reads=False) for word, operations in _WRITES.items()},
    examples=("read",),
    through=None,
    arn=_arn,
    statements=only_statement,
)
