"""A rollout names an alarm that the pipeline does not have."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.alarm import Alarm
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding
from iotgen.spec.nearest import nearest


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each name in the `alarms` of a rollout that is the key of no alarm."""
    keys = [alarm.key for alarm in pipeline.all(Alarm)]
    for function in pipeline.all(Function):
        for index, key in enumerate(function.rollout.alarms if function.rollout else ()):
            if key not in keys and pipeline.settled(("alarms", "metrics", key)):
                meant = nearest(key, keys)
                message = f"there is no alarm `{key}`" + (f"; did you mean `{meant}`?" if meant else "")
                hint = "Name one of `alarms.metrics`, or of a resource, such as `KEY-errors`."
                yield Finding((*function.setting("rollout"), "alarms", index), message, hint)


RULE = Rule(
    code="IOT454",
    summary="A rollout names an alarm that the pipeline does not have.",
    why=(
        "CodeDeploy takes a new version back when one of the alarms of its deployment group goes off. An "
        "alarm that is not there never does, and Terraform refuses the reference to it."
    ),
    fix=(
        "Name the key of an alarm under `alarms.metrics`, or that of a resource's own alarm, as `iotgen "
        "status` lists them."
    ),
    source="https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-create-alarms.html",
    check=check,
)
