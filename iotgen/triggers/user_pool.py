"""Triggers by what users of a user pool do: Cognito calls the function in the midst of it, and waits.

https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from iotgen.model.access import Grant
from iotgen.model.context import Context
from iotgen.model.rendering import Rendering
from iotgen.model.resource import Resource
from iotgen.model.trigger import (
    Call,
    Event,
    Occasion,
    Position,
    ResourceTrigger,
    TriggerKind,
    all_delivered,
    as_named,
    no_access,
    no_statements,
    one_by_one,
)
from iotgen.model.user_pools import live_id
from iotgen.triggers.permission import permission

SECTION = "user_pools"
# What Cognito calls the source of an event.
_SOURCES = {
    "pre_sign_up": "PreSignUp_SignUp",
    "post_confirmation": "PostConfirmation_ConfirmSignUp",
    "pre_authentication": "PreAuthentication_Authentication",
    "post_authentication": "PostAuthentication_Authentication",
    "pre_token_generation": "TokenGeneration_Authentication",
    "custom_message": "CustomMessage_SignUp",
    "user_migration": "UserMigration_Authentication",
    "define_auth_challenge": "DefineAuthChallenge_Authentication",
    "create_auth_challenge": "CreateAuthChallenge_Authentication",
    "verify_auth_challenge_response": "VerifyAuthChallengeResponse_Authentication",
}
# The verbs of access that set an event off.
# https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
_CAUSES = {
    "create": frozenset({"pre_sign_up", "custom_message"}),
    "confirm": frozenset({"post_confirmation"}),
    "sign_in": frozenset(_SOURCES) - {"pre_sign_up", "post_confirmation", "custom_message"},
}


@dataclass(frozen=True, kw_only=True)
class UserPoolTrigger(ResourceTrigger):
    """A trigger by what users do, by the `words` of the spec for it."""

    # Cognito waits for the answer, and calls again by itself.
    asynchronous: ClassVar[bool] = False

    words: tuple[str, ...]

    @property
    def events(self) -> str:
        """What users do."""
        return " and ".join(word.replace("_", " ") for word in self.words)

    @property
    def amount(self) -> str:
        """The same."""
        return self.events

    @property
    def arrival(self) -> None:
        """No readings come by it."""
        return

    def names(self, grant: Grant) -> bool:
        """Whether `grant` is for a user pool, since an event has the pool's ID."""
        return grant.section == self.section

    def set_off_by(self, grant: Grant) -> str | None:
        """The pool, where a function may make users or sign them in."""
        if (grant.section, grant.key) != self.resource:
            return None
        causes = (_CAUSES.get(verb, frozenset()) for verb in grant.verbs)
        return self.key if any(cause & frozenset(self.words) for cause in causes) else None


def _resolve(context: Context, settings: Mapping[str, Any], position: Position) -> UserPoolTrigger:
    return UserPoolTrigger(
        **position.of(context, SECTION, settings["user_pool"], "user_pool"),
        words=tuple(settings["events"]),
    )


def _render(calls: tuple[Call[UserPoolTrigger], ...]) -> Iterator[Rendering]:
    """The permissions, one for each pool and function; the pool itself has the function's name."""
    for call in {call.trigger.label: call for call in calls}.values():
        statement = f"user-pool-{call.trigger.key}"
        yield permission(call, statement, "cognito-idp.amazonaws.com", call.trigger.source_arn)


def _sample(trigger: UserPoolTrigger, pool: Resource, occasion: Occasion) -> Event:
    """What someone with an email address does.

    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
    """
    attributes = {"sub": occasion.id, "email": "someone@example.com", "cognito:user_status": "CONFIRMED"}
    return {
        "version": "1",
        "triggerSource": _SOURCES[trigger.words[0]],
        "region": occasion.live.region,
        "userPoolId": live_id(occasion.live, pool),
        "userName": occasion.id,
        "callerContext": {"awsSdkVersion": "sample", "clientId": "sample"},
        "request": {"userAttributes": attributes},
        "response": {},
    }


USER_POOL_TRIGGER = TriggerKind(
    word="user_pool",
    section=SECTION,
    type=UserPoolTrigger,
    resolve=_resolve,
    statements=no_statements,
    render=_render,
    access=no_access,
    sample=_sample,
    fed_by=None,
    delivery=one_by_one,
    written=as_named,
    undelivered=all_delivered,
)
