"""The error action of a rule sends where an action sends."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.rules import Rule as TopicRule
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each error action that would fail with the action that failed."""
    for rule in pipeline.all(TopicRule):
        failed = rule.on_error
        if any((one.word, one.key) == (failed.word, failed.key) for one in rule.targets):
            message = (
                f"what `{rule.key}` cannot send to `{failed.key}` goes to `{failed.key}`, and is lost with it"
            )
            hint = "Send it elsewhere, or omit `on_error` for a dead-letter queue of the rule's own."
            yield Finding((*failed.path, failed.word), message, hint)


RULE = Rule(
    code="IOT487",
    severity=Severity.WARNING,
    summary="The error action of a rule sends where an action sends.",
    why=(
        "The error action runs once, when an action has failed. What failed at a target then fails there "
        "again, and AWS IoT drops the message. Where only another action has failed, messages and reports of "
        "failures are mixed."
    ),
    fix="Send it elsewhere, or omit `on_error` for a dead-letter queue of the rule's own.",
    ignore="What reads the target tells both apart, and another target is the one that fails.",
    source="https://docs.aws.amazon.com/iot/latest/developerguide/rule-error-handling.html",
    check=check,
)
