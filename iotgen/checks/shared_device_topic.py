"""Any device of a group may publish in the name of another."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.devices import DEVICE, DeviceGroup
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding, Severity


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each topic of `publish` that is the same for all devices of the group."""
    for group in pipeline.all(DeviceGroup):
        for index, topic in enumerate(group.publish):
            if DEVICE not in topic:
                yield Finding(
                    (*group.path, "publish", index),
                    f"each device of `{group.key}` may publish on `{topic}`, in the name of any other",
                    f"Name the device in it, such as `{_example(topic)}`.",
                )


def _example(topic: str) -> str:
    """The topic with the device as its last level."""
    return f"{topic.removesuffix('#').rstrip('/')}/{DEVICE}"


RULE = Rule(
    code="IOT495",
    severity=Severity.WARNING,
    summary="All devices of a group publish on one topic.",
    why=(
        "AWS IoT tells devices apart by the topic that the policy lets each publish on. A message on a topic "
        "that all may use can name any device in its body: whoever has the key of one device can make up the "
        "readings of every other."
    ),
    fix="Write `{device}` in the topic, and have the rule take the device from it, by `topic(2)`.",
    ignore="What devices send there needs no sender, such as a request for the time.",
    source="https://docs.aws.amazon.com/iot/latest/developerguide/security-best-practices.html",
    check=check,
)
