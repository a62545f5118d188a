"""Anyone may call the URL of a function, and nothing limits how often."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each open URL of a function without reserved concurrency."""
    for function in pipeline.all(Function):
        url, path = function.url, (*function.path, "url", "auth")
        if url and url.is_open and function.reserved_concurrency is None and pipeline.settled(path):
            message = (
                f"anyone may call the URL of `{function.key}`, as often as the quota of the account allows"
            )
            yield Finding(path, message, "Set `reserved_concurrency` of the function, or write `auth: iam`.")


RULE = Rule(
    code="IOT452",
    severity=Severity.WARNING,
    summary="Anyone may call the URL of a function, and nothing limits how often.",
    why=(
        "A URL with `auth: none` answers everyone who knows its address. A URL has no throttle of its own: "
        "reserved concurrency is what limits it, to ten times as many requests a second. Without it, anyone "
        "can take all concurrent executions of the account, 1000 by default, from its other functions, and "
        "each invocation is billed. AWS also asks for a permission to call such a URL that the AWS provider "
        "gives since 6.28: made with an older one, the URL answers 403."
    ),
    fix="Set `reserved_concurrency` of the function, or leave `auth` at `iam`.",
    ignore="Something in front of the URL limits the callers, and its address is not known to anyone else.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html",
    check=check,
)
