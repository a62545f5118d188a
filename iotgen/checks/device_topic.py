"""A topic of devices is longer or deeper than AWS IoT allows."""

from collections.abc import Iterator

from iotgen.checks.rule import Rule
from iotgen.kinds.devices import DEVICE, DeviceGroup
from iotgen.model.pipeline import Pipeline
from iotgen.model.sources import Sources
from iotgen.problem import Finding

# https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits
_MOST_BYTES = 256
_MOST_SLASHES = 7
_BASIC_INGEST = "$aws/rules/"


def check(pipeline: Pipeline, _sources: Sources) -> Iterator[Finding]:
    """Find each topic on which no device can publish or listen."""
    for group in pipeline.all(DeviceGroup):
        for setting, topics in (("publish", group.publish), ("subscribe", group.subscribe)):
            for index, topic in enumerate(topics):
                if fault := _fault(_counted(topic)):
                    yield Finding((*group.path, setting, index), *fault)


def _fault(topic: str) -> tuple[str, str] | None:
    """What is wrong with a topic, and what to do; `{device}` counts as one character, the shortest name."""
    size = len(topic.replace(DEVICE, "x").encode())
    if size > _MOST_BYTES:
        return f"the topic has {size} bytes; AWS IoT allows {_MOST_BYTES}", "Shorten it."
    slashes = topic.count("/")
    if slashes > _MOST_SLASHES:
        return f"the topic has {slashes} slashes; AWS IoT allows {_MOST_SLASHES}", "Use fewer levels."
    return None


def _counted(topic: str) -> str:
    """A topic without the levels of Basic Ingest, which AWS does not count."""
    if not topic.startswith(_BASIC_INGEST):
        return topic
    return topic.removeprefix(_BASIC_INGEST).partition("/")[2]


RULE = Rule(
    code="IOT497",
    summary="A topic of devices is longer or deeper than AWS IoT allows.",
    why=(
        "AWS IoT allows topics of 256 bytes and 7 slashes, not counting those of Basic Ingest. It takes a "
        "policy with a longer one, and closes the connection of a device that uses it."
    ),
    fix="Shorten the topic, or use fewer levels.",
    source="https://docs.aws.amazon.com/general/latest/gr/iot-core.html",
    check=check,
)
