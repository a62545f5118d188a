"""A rollout takes longer than CodeDeploy lets one take."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

_HOURS = 48


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each rollout whose first and last step are too far apart."""
    written = {one.setting("rollout"): one.rollout for one in pipeline.all(Function) if one.rollout}
    for path, rollout in written.items():
        if rollout.duration > _HOURS * 60:
            hours = -(-rollout.duration // 60)
            message = f"the rollout takes {hours} hours, and CodeDeploy allows {_HOURS}: {rollout.words}"
            yield Finding((*path, rollout.shift), message, "Take larger steps, or shorter pauses.")


RULE = Rule(
    code="IOT455",
    summary="A rollout takes longer than CodeDeploy lets one take.",
    why=(
        "Between the first and the last shift of calls to a new version of a function may be 48 hours. "
        "CodeDeploy stops a rollout that takes longer, and the new version never gets all calls."
    ),
    fix="Raise `linear`, the percentage of each step, or lower `every`, the minutes between two.",
    source="https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html",
    check=check,
)
