"""Two functions are to be called at the same event of a user pool."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.triggers.user_pool import UserPoolTrigger


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each event that has a function already."""
    taken: dict[tuple[str, str], str] = {}
    for function in pipeline.all(Function):
        for trigger in function.by(UserPoolTrigger):
            for index, word in enumerate(trigger.words):
                first = taken.setdefault((trigger.key, word), function.key)
                if first != function.key:
                    message = f"the user pool `{trigger.key}` already calls `{first}` at `{word}`"
                    hint = "Have one function do both, or start the other by an event of its own."
                    yield Finding((*trigger.path, "events", index), message, hint)


RULE = Rule(
    code="IOT411",
    summary="Two functions are to be called at the same event of a user pool.",
    why=(
        "A user pool calls one function for each kind of event, since it waits for the answer. The other one "
        "would never be called."
    ),
    fix="Have one function for each kind of event.",
    source="https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html",
    check=check,
)
