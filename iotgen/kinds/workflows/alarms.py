"""The alarms of workflows.

Metrics: https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
"""

from collections.abc import Iterator

from iotgen.kinds.workflows.workflow import ADDRESS, SECTION, Workflow
from iotgen.model.alarm import Alarm, AlarmMaker
from iotgen.model.expression import Reference
from iotgen.model.kind import Settings


def workflow_alarms(make: AlarmMaker, settings: Settings, workflows: tuple[Workflow, ...]) -> Iterator[Alarm]:
    """Executions that fail, take too long or are held back."""
    for workflow in workflows:
        counts = (
            ("failures", "ExecutionsFailed", f"Executions of {workflow.name} fail"),
            ("timeouts", "ExecutionsTimedOut", f"Executions of {workflow.name} take too long"),
            ("throttles", "ExecutionThrottled", f"Executions of {workflow.name} are held back"),
        )
        for setting, metric, description in counts[: 2 if workflow.is_express else 3]:
            if threshold := settings[SECTION][setting]:
                yield make(
                    key=f"{workflow.key}-workflow-{setting}",
                    path=workflow.path,
                    description=description,
                    metric=f"AWS/States:{metric}",
                    dimensions={"StateMachineArn": Reference(f"{ADDRESS}.{workflow.label}.arn")},
                    threshold=threshold,
                )
