"""User pools from their settings."""

from collections.abc import Iterator
from typing import Any

from iotgen.kinds.user_pools.pool import SECTION, Client, Group, PasswordPolicy, UserPool
from iotgen.model.arn import arn
from iotgen.model.called import called
from iotgen.model.context import Context, label
from iotgen.model.expression import Joined, Label
from iotgen.model.kind import Resolving, Settings
from iotgen.problem import Path

_MFA = {"off": "OFF", "optional": "OPTIONAL", "required": "ON"}
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
_FLOWS = {
    "srp": "ALLOW_USER_SRP_AUTH",
    "password": "ALLOW_USER_PASSWORD_AUTH",
    "admin_password": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "custom": "ALLOW_CUSTOM_AUTH",
}
_RENEW = "ALLOW_REFRESH_TOKEN_AUTH"
# The attributes of every pool that users may change; a client can read these and two more.
# https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
_WRITTEN = (
    "address",
    "birthdate",
    "email",
    "family_name",
    "gender",
    "given_name",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "phone_number",
    "picture",
    "preferred_username",
    "profile",
    "updated_at",
    "website",
    "zoneinfo",
)
_READ = (*_WRITTEN, "email_verified", "phone_number_verified")


def resolve_pools(context: Resolving) -> tuple[UserPool, ...]:
    """Each of the pipeline's own."""
    return tuple(_pool(context, *entry) for entry in context.entries(SECTION))


def _pool(context: Context, key: str, settings: Settings, path: Path) -> UserPool:
    common = context.renamable(key, path)
    labels = (*common["former"], common["label"])
    emails = ("email",) if "email" in settings["sign_in"] else ()
    named = "username" in settings["sign_in"]
    return UserPool(
        **common,
        usernames=() if named else emails,
        aliases=emails if named else (),
        self_sign_up=settings["self_sign_up"],
        password=_password(settings["password"]),
        mfa=_MFA[settings["mfa"]],
        required=tuple(settings["required"]),
        attributes=tuple(settings["attributes"]),
        groups=tuple(_groups(settings["groups"], labels, path)),
        domain=context.filled(settings["domain"]) if "domain" in settings else None,
        region=context.region,
        deletion_protection=settings["deletion_protection"],
        clients=tuple(_clients(context, settings, labels, path)),
        called=dict(_called(context, key)),
    )


def _called(context: Context, key: str) -> Iterator[tuple[str, Joined]]:
    """The functions that a trigger has Cognito call.

    Their ARNs are composed: a function may have the pool's ID, so the pool cannot wait for it, and Cognito
    takes the ARN of one that is not there yet. https://github.com/aws/aws-cdk/pull/7250
    """
    for function, settings in context.data["functions"].items():
        for trigger in settings["triggers"]:
            if trigger.get("user_pool") == key:
                name = called(context, function).name
                for word in trigger["events"]:
                    yield word, arn("lambda", context.region, "function:", name)


def _password(settings: Settings) -> PasswordPolicy:
    return PasswordPolicy(
        length=settings["length"],
        needs=frozenset(settings["require"]),
        temporary_days=settings["temporary_days"],
    )


def _groups(written: Settings, pools: tuple[Label, ...], path: Path) -> Iterator[Group]:
    for name, settings in written.items():
        yield Group(
            name=name,
            **_labels(pools, name),
            description=settings.get("description"),
            precedence=settings.get("precedence"),
            path=(*path, "groups", name),
        )


def _clients(context: Context, pool: Settings, pools: tuple[Label, ...], path: Path) -> Iterator[Client]:
    own = tuple(f"custom:{name}" for name in pool["attributes"])
    for key, settings in pool["clients"].items():
        pages = "callback" in settings
        yield Client(
            key=key,
            name=context.name(key),
            **_labels(pools, label(key)),
            flows=(*(_FLOWS[flow] for flow in settings["flows"]), _RENEW),
            callback=tuple(settings.get("callback", ())),
            logout=tuple(settings.get("logout", ())),
            scopes=tuple(settings["scopes"]) if pages else (),
            reads=(*_READ, *own) if own else None,
            writes=_WRITTEN if own else None,
            path=(*path, "clients", key),
        )


def _labels(pools: tuple[Label, ...], part: str) -> dict[str, Any]:
    """The label of a part of a pool, and those that it had under the pool's earlier keys."""
    *former, now = (Label(f"{pool}__{part}") for pool in pools)
    return {"label": now, "former": tuple(former)}
