"""A queue that triggers a function, or the alarms' topic, exists in another region."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.functions import Function
from iotgen.model.alarm import Alarm
from iotgen.model.outside import Outside
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Path
from iotgen.triggers.queue import QueueTrigger


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each existing resource in another region whose user AWS wants in the same one."""
    users: dict[Path, str] = {}
    for function in pipeline.all(Function):
        for trigger in function.by(QueueTrigger):
            users.setdefault((trigger.section, trigger.key), f"cannot trigger `{function.key}`")
    for alarm in pipeline.all(Alarm):
        for topic in (*alarm.notify, *alarm.on_ok):
            users.setdefault(topic.path, "cannot be notified by alarms")
    for one in pipeline.all(Outside):
        if one.path in users and one.region not in (None, pipeline.region):
            message = (
                f"the {one.noun} `{one.key}` is in {one.region} and {users[one.path]} in {pipeline.region}"
            )
            yield Finding((*one.path, "existing"), message, f"Use a {one.noun} in {pipeline.region}.")


RULE = Rule(
    code="IOT415",
    summary="A queue that triggers a function, or the alarms' topic, exists in another region.",
    why=(
        "Lambda polls queues of its own region only, and CloudWatch notifies topics of the alarm's region "
        "only; both may be of another account. AWS refuses others in the middle of an apply."
    ),
    fix="Use one in the pipeline's region.",
    source="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html",
    check=check,
)
