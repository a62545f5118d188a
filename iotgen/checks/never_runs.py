"""Reserved concurrency of 0 disables a function."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule, listed
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each reservation of 0."""
    stopped: dict[Path, list[str]] = {}
    for function in pipeline.all(Function):
        if function.reserved_concurrency == 0:
            stopped.setdefault(function.setting("reserved_concurrency"), []).append(function.key)
    for path, keys in stopped.items():
        message = f"a reserved concurrency of 0 makes Lambda throttle every invocation of {listed(keys)}"
        yield Finding(path, message, "Reserve at least 1, or omit `reserved_concurrency`.")


RULE = Rule(
    code="IOT325",
    severity=Severity.WARNING,
    summary="Reserved concurrency of 0 disables the function.",
    why=(
        "Reserved concurrency is the most that a function runs at a time. With 0 Lambda throttles every "
        "call: requests fail, and messages use up their receives and go to the dead-letter queue."
    ),
    fix="Reserve at least 1, or omit `reserved_concurrency`.",
    ignore="The function is switched off on purpose.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html",
    check=check,
)
