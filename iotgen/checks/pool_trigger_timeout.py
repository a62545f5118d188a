"""A function that a user pool calls may run longer than Cognito waits."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path, Severity
from iotgen.triggers.user_pool import UserPoolTrigger

_LIMIT = 5


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each such function with a timeout of more than five seconds."""
    reported: set[Path] = set()
    for function in pipeline.all(Function):
        path = function.setting("timeout")
        if any(function.by(UserPoolTrigger)) and function.timeout > _LIMIT and path not in reported:
            reported.add(path)
            message = (
                f"`{function.key}` may run for {function.timeout} s, "
                f"but Cognito waits {_LIMIT} s and then calls it again"
            )
            yield Finding(path, message, f"Set `timeout: {_LIMIT}`.")


RULE = Rule(
    code="IOT412",
    severity=Severity.WARNING,
    summary="A function that a user pool calls may run longer than Cognito waits.",
    why=(
        "Cognito waits five seconds for a function and calls it again, three times at most; then it refuses "
        "what the user does. The earlier calls run on, so the function does its work several times."
    ),
    fix="Set `timeout` to 5 seconds at most, and leave long work to another function.",
    ignore="Only its other triggers keep the function busy for so long.",
    source="https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html",
    check=check,
)
