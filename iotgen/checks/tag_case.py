"""The keys of two tags differ only by case."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

OWN_TAGS = ("pipeline", "environment")
KEEP_ONE = "Keep one of them."


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each tag that differs only by case from an earlier one or from one of iotgen's."""
    seen: dict[str, str] = {}
    for key in pipeline.tags:
        other = seen.setdefault(key.lower(), key)
        if other != key:
            message = f"the tags `{other}` and `{key}` differ only by case, which IAM rejects for a role"
            hint = f"Remove `{key}`: every resource gets `{other}`." if other in OWN_TAGS else KEEP_ONE
            yield Finding(("tags", key), message, hint, at_key=True)


RULE = Rule(
    code="IOT314",
    summary="The keys of two tags differ only by case.",
    why=(
        "IAM does not distinguish capitals in the keys of tags: a role cannot have both `Team` and `team`. "
        "Every resource gets the tags of the spec, so that the first role fails in the apply."
    ),
    fix="Keep one of the two tags.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html",
    check=check,
)
